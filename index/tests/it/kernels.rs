//! All promises hold for every kernel that the processor can run.

use std::process::Command;

use l1kdb_index::simd::{Kernel, SETTING};
use l1kdb_index::{BuildParams, Index};

use crate::{clustered, graph_of, segment};

/// The tests that are run once more for each kernel, in a process of their own: a process has one kernel.
const AGAIN: [&str; 4] = ["oracle::", "batch::", "shapes::", "kernels::the_kernel"];

/// What these tests print in a process that has this kernel; they have to pass.
fn printed(kernel: Kernel, arguments: &[&str]) -> String {
    let tests = std::env::current_exe().unwrap();
    let run = Command::new(tests).args(arguments).env(SETTING, kernel.name()).output().unwrap();
    let printed = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(run.status.success(), "{kernel:?}: {printed}");
    printed
}

#[test]
fn the_other_tests_pass_on_every_kernel() {
    if std::env::var_os(SETTING).is_some() {
        return;
    }
    for kernel in Kernel::all() {
        let told = printed(kernel, &AGAIN);
        assert!(!told.contains(" 0 passed"), "{told}");
    }
}

#[test]
fn the_kernel_is_the_one_asked_for() {
    let asked = std::env::var(SETTING).ok();
    let expected = asked.as_deref().unwrap_or_else(|| Kernel::all()[0].name());
    assert_eq!(Kernel::current().name(), expected);
}

/// The graph and all answers are the same on kernels with a fused multiply-add: here compared by what a process with
/// each prints.
#[test]
fn fused_kernels_build_the_same_graph() {
    let (vectors, _) = clustered(31, 3000, 20, 0);
    let bytes = segment(&vectors, Some(&graph_of(&vectors, &BuildParams::default())));
    let checksum = Index::open(bytes).unwrap().checksum();
    if std::env::var_os(SETTING).is_some() {
        println!("checksum {checksum}");
        return;
    }
    for kernel in Kernel::all().into_iter().filter(|kernel| kernel.fuses()) {
        let told =
            printed(kernel, &["--exact", "kernels::fused_kernels_build_the_same_graph", "--nocapture"]);
        assert!(told.contains(&format!("checksum {checksum}")), "{kernel:?}: {told}");
    }
}
