//! Two programs that draw the same frames in turns, so that whatever else the machine does meets both.

use cpu_time::ThreadTime;
use egui::Event;

/// Something that draws frames.
pub(crate) trait Frames {
    fn frame(&mut self, events: Vec<Event>);
}

/// How long the frames of each side took: milliseconds of one core, the shortest first.
pub(crate) fn take_turns(
    mut sides: [&mut dyn Frames; 2],
    rounds: usize,
    events: impl Fn(usize) -> Vec<Event>,
) -> [Vec<f64>; 2] {
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..rounds {
        for (side, times) in sides.iter_mut().zip(&mut times) {
            let events = events(round);
            let start = ThreadTime::now();
            side.frame(events);
            times.push(start.elapsed().as_secs_f64() * 1e3);
        }
    }
    for times in &mut times {
        times.sort_by(f64::total_cmp);
    }
    times
}

/// The frame that so many of a hundred are no longer than.
pub(crate) fn percentile(times: &[f64], percent: usize) -> f64 {
    times[(times.len() * percent / 100).min(times.len() - 1)]
}
