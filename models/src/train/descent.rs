//! The training loop.

use std::time::Instant;

use super::Watch;
use super::batches::{Batches, Classes};
use super::engine::Engine;
use super::job::Job;
use super::state::{Look, State};
use super::validation::ValidationSet;
use crate::TrainError;
use crate::network::Network;

/// Trains from `state` to the end, or to where the validation drugs stop gaining.
pub(crate) fn descend(
    job: &Job<'_>,
    classes: &Classes,
    validation: &ValidationSet,
    mut state: State,
    watch: &mut dyn Watch,
) -> Result<State, TrainError> {
    let mut batches = Batches::new(classes, job.recipe)?;
    let mut engine = Engine::new(job)?;
    let mut gradient = vec![0.0; state.weights.len()];
    let every = (state.steps / job.recipe.looks as u64).max(1);
    let mut clock = Clock::start(state.seconds_before);
    watch.begin(&state, batches.size());
    while state.step < state.steps && state.looks_without_gain() < job.recipe.patience {
        let loss = step(job, &mut batches, &mut engine, &mut state, &mut gradient);
        if !loss.is_finite() {
            let rate = job.recipe.learning_rate_at(state.step as usize, state.steps as usize);
            return Err(TrainError::Diverged { step: state.step + 1, rate });
        }
        state.step += 1;
        state.losses = (state.losses.0 + loss, state.losses.1 + 1);
        clock.items += batches.size();
        if state.step.is_multiple_of(every) || state.step == state.steps {
            look(job, validation, &mut state, &mut clock)?;
            watch.looked(&state)?;
        }
        state.seconds_before = clock.seconds();
        watch.stepped(&state)?;
    }
    watch.end();
    Ok(state)
}

fn step(
    job: &Job<'_>,
    batches: &mut Batches<'_>,
    engine: &mut Engine<'_>,
    state: &mut State,
    gradient: &mut [f32],
) -> f64 {
    let rate = job.recipe.learning_rate_at(state.step as usize, state.steps as usize);
    let mut total = 0.0;
    for number in 0..job.optimisers() {
        let stage = job.stage(batches, state.step, state.steps, number);
        total += engine.slope(&state.weights, &stage.batch, stage.objective, gradient);
        let adam = &mut state.optimisers[stage.optimiser];
        adam.step(&mut state.weights, gradient, rate, job.recipe.weight_decay);
    }
    total
}

fn look(
    job: &Job<'_>,
    validation: &ValidationSet,
    state: &mut State,
    clock: &mut Clock,
) -> Result<(), TrainError> {
    let parameters = job.architecture.parameters();
    let rate = clock.rate();
    let network = Network { architecture: job.architecture, weights: state.weights[..parameters].to_vec() };
    let seen = validation.look(&network, job.standardiser)?;
    let loss = state.losses.0 / state.losses.1 as f64;
    state.losses = (0.0, 0);
    state.looks.push(Look { step: state.step, loss, validation: seen, seconds: clock.seconds(), rate });
    if seen.is_some() && state.looks_without_gain() == 0 {
        state.best = network.weights;
    }
    clock.restart();
    Ok(())
}

/// Time spent, over all processes that had a part in it.
struct Clock {
    before: f64,
    begun: Instant,
    last: Instant,
    items: usize,
}

impl Clock {
    fn start(before: f64) -> Self {
        Self { before, begun: Instant::now(), last: Instant::now(), items: 0 }
    }

    fn seconds(&self) -> f64 {
        self.before + self.begun.elapsed().as_secs_f64()
    }

    fn rate(&self) -> f64 {
        self.items as f64 / self.last.elapsed().as_secs_f64().max(1e-9)
    }

    fn restart(&mut self) {
        (self.last, self.items) = (Instant::now(), 0);
    }
}
