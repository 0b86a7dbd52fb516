//! `simulate`.

use anyhow::Result;
use l1kdb::report::visible;
use l1kdb::simulate::Simulation;

use super::args::SimulateArgs;
use super::print;
use super::watch::Bar;

pub fn run(arguments: &SimulateArgs) -> Result<()> {
    let simulation = Simulation::of_size(arguments.signatures);
    let drugs = arguments.drugs.unwrap_or(simulation.drugs);
    let simulation =
        simulation.drugs(drugs).effect(arguments.effect).nuisance(arguments.nuisance).seed(arguments.seed);
    let files = simulation.start()?.write(&arguments.out, &Bar::default())?;
    let mut text = format!(
        "simulated {} signatures of {} drugs with seed {}\n",
        arguments.signatures, simulation.drugs, arguments.seed
    );
    for file in [&files.profiles, &files.sig_info, &files.pert_info, &files.drug_atc] {
        text.push_str(&format!("  {}\n", visible(&file.display().to_string())));
    }
    print::text(text.as_bytes())?;
    Ok(())
}
