//! The only file that names `rten`, the engine that is compiled in.
//!
//! A session has one thread, as those of ONNX Runtime have: whole batches run side by side. What the engine panics over
//! becomes an error, and ends the session.

use std::{
    hint::black_box,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use rten::{Model, ModelOptions, RunOptions, ThreadPool, ValueView};

use super::{
    Provider,
    backend::{Backend, Session},
    inspect::{self, End},
    port::{Port, Profiles, one_line},
    written_out::written_out,
};

/// The version of rten.
pub(super) const VERSION: &str = "0.27";

/// Bytes of a value up to which memory is kept for the next: just under the most that the C library of Linux can learn.
const KEPT: usize = 31 << 20;

/// The engine.
pub(super) struct BuiltIn;

impl Backend for BuiltIn {
    fn open(&self, onnx: &[u8], _provider: Provider) -> Result<Box<dyn Session>, String> {
        let (inputs, outputs) = inspect::ends(onnx).map_err(one_line)?;
        let (inputs, outputs) = (inputs.iter().map(port).collect(), outputs.iter().map(port).collect());
        let onnx = written_out(onnx).map_err(one_line)?;
        keep_memory();
        let thread = Arc::new(ThreadPool::with_num_threads(1));
        let model = guarded(|| thread.run(|| ModelOptions::with_all_ops().load(onnx)).map_err(one_line))?;
        Ok(Box::new(Opened { inputs, outputs, model, thread }))
    }

    fn try_cuda(&self) -> Result<(), String> {
        Err("the built-in engine has no GPU support".into())
    }
}

struct Opened {
    inputs: Vec<Port>,
    outputs: Vec<Port>,
    model: Model,
    thread: Arc<ThreadPool>,
}

impl Session for Opened {
    fn ports(&self) -> (Vec<Port>, Vec<Port>) {
        (self.inputs.clone(), self.outputs.clone())
    }

    /// One row alone would be summed in another order than several, and differ by some 2e-6: it is run twice.
    fn run(&mut self, profiles: &mut Profiles<'_>) -> Result<(), String> {
        let [rows, width] = profiles.shape();
        let twice = (rows == 1).then(|| profiles.input().repeat(2));
        let input = twice.as_deref().unwrap_or(profiles.input());
        let input = ValueView::from_shape([input.len() / width, width], input).map_err(one_line)?;
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(&self.thread)));
        let output = guarded(|| self.model.run_one(input.into(), Some(options)).map_err(one_line))?;
        let ([mut found, width], values) = output.into_shape_vec::<f32, 2>().map_err(one_line)?;
        if twice.is_some() && found == 2 {
            found = 1;
        }
        profiles.take(&[found, width].map(|size| size as i64), &values[..found * width])
    }
}

/// Has what a run frees kept for the next run.
///
/// The engine takes memory anew for every value of a batch. glibc gives what is larger than 128 KiB back to the system as soon
/// as it is freed, and to clear it again for the next batch takes three times as long as the network; what is smaller than the
/// largest it has seen freed it keeps. So one large piece is freed, which was never touched and cost no more than two calls.
fn keep_memory() {
    drop(black_box(Vec::<u8>::with_capacity(KEPT)));
}

/// A network that the engine panics over is one that it cannot run.
fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
        Err(format!("it fails within the engine: {}", one_line(text.unwrap_or("no reason given"))))
    })
}

fn port(end: &End<'_>) -> Port {
    let size = |dim: &Option<u64>| dim.map_or(-1, |dim| i64::try_from(dim).unwrap_or(i64::MAX));
    let element = end.element.map_or("not a tensor", |number| {
        usize::try_from(number)
            .ok()
            .and_then(|number| ELEMENTS.get(number))
            .copied()
            .unwrap_or("another type")
    });
    Port {
        name: end.name.to_owned(),
        element: element.to_owned(),
        shape: end.dims.iter().map(size).collect(),
    }
}

/// Element types by their number in ONNX, as errors of all engines call them.
const ELEMENTS: [&str; 17] = [
    "no type",
    "f32",
    "u8",
    "i8",
    "u16",
    "i16",
    "i32",
    "i64",
    "text",
    "bool",
    "f16",
    "f64",
    "u32",
    "u64",
    "complex64",
    "complex128",
    "bf16",
];
