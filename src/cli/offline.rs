//! Nothing this program does is reported to anyone.
//!
//! Official builds of ONNX Runtime report their use unless `ORT_DISABLE_TELEMETRY` is set before they are loaded. Setting
//! a variable from within a process is unsound where libraries run threads of their own, so the program starts itself
//! once more with the variable set, which takes a millisecond or two.

use std::env;
use std::process::{Command, ExitCode};

const SWITCH: &str = "ORT_DISABLE_TELEMETRY";

/// Starts the program anew with the switch set, unless it is; returns the exit code where that took another process.
///
/// Where the program cannot be started again it goes on as it is.
pub fn ensure() -> Option<ExitCode> {
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
