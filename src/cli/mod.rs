//! From the command line to the library and back: arguments, progress, printing, exit codes.

mod advice;
mod args;
mod build;
mod calibrate;
mod demo;
mod embed;
mod engine;
mod eval;
mod explain;
mod info;
mod page;
mod progress;
mod provenance;
mod query;
mod question;
mod reading;
mod simulate;
mod verify;

use std::io::{self, Write};
use std::process::ExitCode;

use args::{Args, Command, Typed};
use clap::error::ErrorKind;
use l1kdb::report::{one_line, visible};
use question::Outcome;

/// Nothing was found.
const NOTHING: u8 = 1;
/// Something went wrong.
const FAILED: u8 = 2;
/// Some queries could not be asked, and the others are answered.
const PARTIAL: u8 = 3;

/// Runs the program: 0 when it did what was asked, 1 when a query found nothing, 2 on an error, 3 when some queries could not be
/// asked.
pub fn run() -> ExitCode {
    let (args, typed) = match args::parse() {
        Ok(parsed) => parsed,
        Err(error) => return mistyped(&error),
    };
    if let Some(code) = l1kdb::embed::ensure_offline() {
        return code;
    }
    match run_command(&args, &typed) {
        Ok(code) => ExitCode::from(code),
        Err(e) if is_broken_pipe(&e) => ExitCode::SUCCESS,
        Err(e) => {
            note(&format!("error: {e:#}{}", advice::of(&e)));
            advice::pointed(&e).iter().for_each(|line| note(&format!("note: {line}")));
            ExitCode::from(FAILED)
        }
    }
}

/// Runs a command: the exit code.
fn run_command(args: &Args, typed: &Typed) -> anyhow::Result<u8> {
    typed.check(args)?;
    l1kdb::simd::Kernel::check_setting().map_err(anyhow::Error::msg)?;
    // Buffered by line or more: a table of a thousand queries is not a thousand system calls.
    let mut out = io::BufWriter::new(Stdout(io::stdout().lock()));
    let done = match &args.command {
        Command::Demo(demo) => demo::run(demo, &mut out),
        Command::Build(build) => build::run(build, &args.engine),
        Command::Query(query) => {
            let outcome = query::run(query, &args.engine, &mut out)?;
            out.flush()?;
            return Ok(of_queries(&outcome));
        }
        Command::Explain(explain) => {
            let outcome = explain::run(explain, &args.engine, &mut out)?;
            out.flush()?;
            return Ok(of_queries(&outcome));
        }
        Command::Calibrate(calibrate) => calibrate::run(calibrate, &args.engine, &mut out),
        Command::Embed(embed) => embed::run(embed, &args.engine, &mut out),
        Command::Eval(eval) => eval::run(eval, &args.engine, &mut out),
        Command::Info(info) => info::run(info, &args.engine, &mut out),
        Command::Verify(verify) => verify::run(verify, &args.engine, &mut out),
        Command::Simulate(simulate) => simulate::run(simulate, &mut out),
    }?;
    out.flush()?;
    Ok(code(done))
}

/// The exit code of a run of queries.
fn of_queries(outcome: &Outcome) -> u8 {
    if outcome.is_partial() { PARTIAL } else { code(outcome.found) }
}

fn code(found: bool) -> u8 {
    if found { 0 } else { NOTHING }
}

/// Help and version are printed as they are; whatever is wrong with the arguments, which it repeats, is one line.
fn mistyped(error: &clap::Error) -> ExitCode {
    if !error.use_stderr() || error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        error.exit();
    }
    note(&one_line(&error.render().to_string()));
    ExitCode::from(FAILED)
}

/// Standard output, whose errors say what they are about.
struct Stdout(io::StdoutLock<'static>);

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes).map_err(unwritten)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush().map_err(unwritten)
    }
}

fn unwritten(error: io::Error) -> io::Error {
    if error.kind() == io::ErrorKind::Interrupted {
        return error;
    }
    io::Error::new(error.kind(), format!("cannot write to standard output: {error}"))
}

/// Whoever read the output has seen enough (`l1kdb query ... | head`).
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io = error.chain().find_map(|cause| cause.downcast_ref::<io::Error>());
    io.is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe)
}

/// Says something beside the output, on one line whatever names are in it. A stderr that is closed is no reason to stop.
fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "l1kdb: {}", visible(text));
}

/// A line of output for people, whatever names are in it.
fn line(out: &mut dyn Write, text: &str) -> io::Result<()> {
    writeln!(out, "{}", visible(text))
}
