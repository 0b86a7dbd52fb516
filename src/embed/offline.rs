//! Nothing that is done here is reported to anyone.

use std::env;
use std::process::{Command, ExitCode};

const SWITCH: &str = "ORT_DISABLE_TELEMETRY";

/// Sees to it that no ONNX Runtime reports its use. For the first line of a program's `main`.
///
/// Official builds of ONNX Runtime report their use unless `ORT_DISABLE_TELEMETRY` is set before they are loaded. Setting
/// a variable from within a process is unsound once there are threads, so the program is started once more, with the
/// variable set, which takes a millisecond or two. On Unix the new program takes the place of the old one; elsewhere
/// this returns the exit code that the new one ended with. Where the program cannot be started again, it goes on as it
/// is, and [`Engine::may_report`](super::Engine::may_report) tells so.
///
/// ```no_run
/// # use std::process::ExitCode;
/// fn main() -> ExitCode {
///     if let Some(code) = l1kdb::embed::ensure_offline() {
///         return code;
///     }
///     // ...
///     ExitCode::SUCCESS
/// }
/// ```
pub fn ensure_offline() -> Option<ExitCode> {
    if env::var_os(SWITCH).is_some() {
        return None;
    }
    let mut command = Command::new(env::current_exe().ok()?);
    command.args(env::args_os().skip(1)).env(SWITCH, "1");
    replace(command)
}

/// Becomes the new process; returns only where that fails.
#[cfg(unix)]
fn replace(mut command: Command) -> Option<ExitCode> {
    use std::os::unix::process::CommandExt;

    // What `exec` returns is why it failed; the program then goes on as it is.
    let _ = command.arg0(env::args_os().next()?).exec();
    None
}

#[cfg(not(unix))]
fn replace(mut command: Command) -> Option<ExitCode> {
    let status = command.status().ok()?;
    Some(status.code().and_then(|code| u8::try_from(code).ok()).map_or(ExitCode::FAILURE, ExitCode::from))
}
