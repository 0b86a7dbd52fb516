use std::io::Write;

use l1kdb::simulate::Simulation;

use super::args::SimulateArgs;
use super::line;
use super::progress::Bars;

/// Runs `l1kdb simulate`.
pub fn run(args: &SimulateArgs, out: &mut dyn Write) -> anyhow::Result<bool> {
    let simulation = Simulation::of_size(args.signatures).seed(args.seed).effect(args.effect);
    let files = simulation.start()?.write(&args.dir, &Bars::default())?;
    writeln!(out, "simulated {} signatures with seed {}", args.signatures, args.seed)?;
    for file in [&files.profiles, &files.sig_info, &files.pert_info, &files.drug_atc] {
        line(out, &format!("  {}", file.display()))?;
    }
    Ok(true)
}
