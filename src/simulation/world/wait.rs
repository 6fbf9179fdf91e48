//! Exponential times from a few bits, after Marsaglia and Tsang: The ziggurat method for generating random variables (2000).
//! Products and comparisons of doubles are enough but once in a hundred times, and then `libm` is, which computes the same
//! bits on every platform, too.
//!
//! The area under the density is covered by layers of one size, each a rectangle but the lowest, which has a tail. A point in
//! a layer that lies where all of the layer is under the density gives its abscissa at once; others are looked at closely.

use crate::simulation::luck::Draws;

const LAYERS: usize = 256;
/// Where the tail begins, and the size of a layer, as published.
const TAIL: f64 = 7.697_117_470_131_05;
const SIZE: f64 = 0.003_949_659_822_581_557;
/// Bits of an abscissa.
const BITS: u32 = 53;

/// A layer, from the lowest to the highest.
#[derive(Clone, Copy)]
struct Layer {
    /// Its width, divided by two to the power of the bits of an abscissa.
    step: f64,
    /// Up to where all of it is under the density.
    inner: f64,
}

static ZIGGURAT: [Layer; LAYERS] = layers();
/// Where each layer begins and, after it, ends: the density there.
static HEIGHTS: [f64; LAYERS + 1] = heights();

const fn layers() -> [Layer; LAYERS] {
    let mut layers = [Layer { step: 0.0, inner: 0.0 }; LAYERS];
    #[expect(clippy::cast_precision_loss, reason = "a power of two")]
    let scale = (1_u64 << BITS) as f64;
    // The lowest one is as wide as if its tail stood upright.
    let mut width = SIZE / exp(-TAIL);
    let mut inner = TAIL;
    let mut layer = 0;
    while layer < LAYERS {
        layers[layer] = Layer { step: width / scale, inner };
        width = inner;
        // Each layer is so high that it has its size.
        inner = if layer + 2 < LAYERS { -ln(exp(-inner) + SIZE / inner) } else { 0.0 };
        layer += 1;
    }
    layers
}

const fn heights() -> [f64; LAYERS + 1] {
    let mut heights = [0.0; LAYERS + 1];
    let mut layer = 0;
    while layer < LAYERS {
        heights[layer + 1] = exp(-ZIGGURAT[layer].inner);
        layer += 1;
    }
    heights
}

/// For the layers alone, as it needs no speed: the exponential function by its series.
const fn exp(number: f64) -> f64 {
    // Of a small part of the number, then squared as often as it was halved.
    let part = number / 16.0;
    let (mut term, mut sum, mut count) = (1.0, 1.0, 1.0);
    while count < 24.0 {
        term *= part / count;
        sum += term;
        count += 1.0;
    }
    let mut halvings = 0;
    while halvings < 4 {
        sum *= sum;
        halvings += 1;
    }
    sum
}

/// The natural logarithm, by Newton's method.
const fn ln(number: f64) -> f64 {
    let (mut found, mut rounds) = (0.0, 0);
    while rounds < 60 {
        found += 2.0 * (number - exp(found)) / (number + exp(found));
        rounds += 1;
    }
    found
}

/// The layer that bits say, the lowest of them, and the abscissa that the others say.
#[inline]
#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "as many bits as are looked at")]
fn point(bits: u64) -> (usize, f64) {
    let layer = bits as usize % LAYERS;
    (layer, (bits >> (64 - BITS)) as f64 * ZIGGURAT[layer].step)
}

/// An exponential time with mean 1.
#[inline]
pub(super) fn exponential(bits: u64) -> f64 {
    let (layer, time) = point(bits);
    if time < ZIGGURAT[layer].inner { time } else { closely(bits) }
}

#[cold]
#[inline(never)]
fn closely(mut bits: u64) -> f64 {
    let mut draws = Draws::from(bits);
    loop {
        let (layer, time) = point(bits);
        if time < ZIGGURAT[layer].inner {
            return time;
        }
        if layer == 0 {
            // What remains after the tail has begun is again an exponential time.
            return TAIL - libm::log(draws.uniform());
        }
        let (low, high) = (HEIGHTS[layer], HEIGHTS[layer + 1]);
        if low + (high - low) * draws.uniform() < libm::exp(-time) {
            return time;
        }
        bits = draws.bits();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::simulation::luck::{ContactKey, Fortune, Lane};

    #[test]
    fn layers_lie_on_one_another_and_have_one_size() {
        #[expect(clippy::cast_precision_loss, reason = "a power of two")]
        let scale = (1_u64 << BITS) as f64;
        assert!((ZIGGURAT[0].step * scale * libm::exp(-TAIL) / SIZE - 1.0).abs() < 1e-13);
        // The tail and what stands below it are as large as the others.
        assert!(((TAIL + 1.0) * libm::exp(-TAIL) / SIZE - 1.0).abs() < 1e-12);
        for (height, layer) in HEIGHTS[1..].iter().zip(&ZIGGURAT) {
            assert!((height - libm::exp(-layer.inner)).abs() < 1e-14);
        }
        for (lower, layer) in ZIGGURAT.iter().zip(&ZIGGURAT[1..]) {
            assert!((layer.step * scale - lower.inner).abs() < 1e-15);
            let height = libm::exp(-layer.inner) - libm::exp(-lower.inner);
            // Differences of numbers close to each other lose some digits.
            assert!((lower.inner * height / SIZE - 1.0).abs() < 1e-9, "{}", lower.inner * height / SIZE);
        }
        assert!(ZIGGURAT[LAYERS - 1].inner.to_bits() == 0);
    }

    #[test]
    fn times_have_the_shares_and_moments_of_their_distribution() {
        let stream = Fortune::of(11, ContactKey::of("x")).named(1);
        let count = 2_000_000;
        let times: Vec<f64> = (0..count).map(|draw| exponential(stream.pair(draw, Lane::Candidates).0)).collect();
        let count = 2e6;
        // On both sides of the seams: in the highest layer, around the middle, where the tail begins and beyond.
        for longer in [0.001, 0.01, 0.06, 0.3, 1.0, 2.5, 5.0, 7.6, TAIL, 8.5, 10.0] {
            let share = f64::from(u32::try_from(times.iter().filter(|time| **time > longer).count()).unwrap()) / count;
            let exact = libm::exp(-longer);
            // Five standard errors.
            assert!((share - exact).abs() < 5.0 * libm::sqrt(exact * (1.0 - exact) / count), "{share} > {longer}");
        }
        let mean = times.iter().sum::<f64>() / count;
        let square = times.iter().map(|time| time * time).sum::<f64>() / count;
        // The variances of the time and of its square are 1 and 20.
        assert!((mean - 1.0).abs() < 5.0 / libm::sqrt(count), "{mean}");
        assert!((square - 2.0).abs() < 5.0 * libm::sqrt(20.0 / count), "{square}");
    }

    #[test]
    fn any_bits_are_a_time() {
        for layer in 0..LAYERS as u64 {
            for abscissa in [0, 1, (1 << BITS) - 1, (1 << BITS) - 2, 1 << 52] {
                let time = exponential(abscissa << (64 - BITS) | layer);
                assert!((0.0..60.0).contains(&time), "{time}");
            }
        }
    }
}
