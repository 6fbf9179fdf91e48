//! Draws that depend on nothing but their key: the same (seed, contact, arrow, visit) always draws the same number,
//! in whatever order contacts run and whatever else is drawn.

/// What identifies a contact in a draw: a hash of its id, so that adding contacts changes nobody else's luck.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ContactKey(pub u64);

impl ContactKey {
    /// FNV-1a (Fowler, Noll, Vo), 64 bits.
    #[must_use]
    pub fn of(id: &str) -> Self {
        Self(0xcbf2_9ce4_8422_2325).continued(id)
    }

    /// The key of the id that goes on with `text`.
    #[must_use]
    pub(super) fn continued(self, text: &str) -> Self {
        Self(text.bytes().fold(self.0, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)))
    }
}

/// A number in 0..1, uniform, from its key.
#[must_use]
pub fn uniform(seed: u64, contact: ContactKey, arrow: u32, visit: u32) -> f64 {
    let mut state = seed;
    for part in [contact.0, u64::from(arrow), u64::from(visit)] {
        state = mix(state ^ part);
    }
    #[expect(clippy::cast_precision_loss, reason = "53 bits are exactly what a double holds")]
    let draw = (state >> 11) as f64;
    draw / 9_007_199_254_740_992.0
}

/// Everything that is drawn for one contact under one name. Names depend on no order: the key of a behaviour, the id of
/// an attribute. So what is added beside it changes none of its draws.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Stream(u64);

/// What a number is drawn for, under one name and ordinal.
#[derive(Clone, Copy, Debug)]
pub(super) enum Lane {
    /// Which of several things.
    Outcome,
    /// How late, or how much.
    Amount,
    /// When a candidate comes, and what of it.
    Candidates,
    /// When something comes.
    Moment,
    /// How much more or less often than others.
    Share,
}

/// As many numbers as are needed for one ordinal and lane.
#[derive(Clone, Copy, Debug)]
pub(super) struct Draws {
    state: u64,
    next: u64,
}

/// Everything that is drawn for one contact.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Fortune(u64);

impl Fortune {
    pub(super) fn of(seed: u64, contact: ContactKey) -> Self {
        Self(mix(mix(seed) ^ contact.0))
    }

    pub(super) fn named(self, name: u64) -> Stream {
        Stream(mix(self.0 ^ name))
    }
}

impl Stream {
    /// 64 bits, where they are enough.
    #[inline]
    pub(super) fn bits(self, ordinal: u64, lane: Lane) -> u64 {
        // Lanes lie far apart, so that no ordinal of one meets one of another.
        mix(self.0 ^ ordinal ^ (lane as u64).wrapping_mul(0xd134_2543_de82_ef95))
    }

    /// The same twice over, in one go; the two know nothing of each other.
    #[inline]
    pub(super) fn pair(self, ordinal: u64, lane: Lane) -> (u64, u64) {
        let half = half_mix(self.0 ^ ordinal ^ (lane as u64).wrapping_mul(0xd134_2543_de82_ef95));
        let other = half.wrapping_mul(0x9fb2_1c65_1e98_df25);
        (mixed(half), other ^ (other >> 31))
    }

    pub(super) fn draws(self, ordinal: u64, lane: Lane) -> Draws {
        Draws { state: self.bits(ordinal, lane), next: 0 }
    }

    /// A number between 0 and 1, both left out, where one is enough.
    #[inline]
    pub(super) fn uniform(self, ordinal: u64, lane: Lane) -> f64 {
        unit(self.bits(ordinal, lane))
    }
}

impl From<u64> for Draws {
    /// As many numbers as are needed where the bits are not enough.
    fn from(bits: u64) -> Self {
        Self { state: bits, next: 0 }
    }
}

impl Draws {
    /// The next number between 0 and 1, both left out.
    pub(super) fn uniform(&mut self) -> f64 {
        unit(self.bits())
    }

    pub(super) fn bits(&mut self) -> u64 {
        self.next += 1;
        mix(self.state ^ self.next)
    }
}

/// The bits as a number between 0 and 1, both left out.
#[inline]
pub(super) fn unit(bits: u64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "52 bits and a half fit into a double")]
    let draw = (bits >> 12) as f64;
    (draw + 0.5) * (1.0 / 4_503_599_627_370_496.0)
}

/// One step of `SplitMix64` (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
#[inline]
fn mix(state: u64) -> u64 {
    mixed(half_mix(state))
}

/// All of it but the last multiplication.
#[inline]
fn half_mix(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z ^ (z >> 27)
}

#[inline]
fn mixed(half: u64) -> u64 {
    let z = half.wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_draw_depends_on_every_part_of_its_key_and_on_nothing_else() {
        let anna = ContactKey::of("Anna");
        let draw = uniform(1, anna, 2, 3);
        assert_eq!(draw.to_bits(), uniform(1, anna, 2, 3).to_bits());
        for other in [
            uniform(2, anna, 2, 3),
            uniform(1, ContactKey::of("Ben"), 2, 3),
            uniform(1, anna, 3, 3),
            uniform(1, anna, 2, 4),
        ] {
            assert!((draw - other).abs() > f64::EPSILON);
        }
    }

    #[test]
    fn streams_ordinals_and_lanes_draw_for_themselves() {
        let anna = ContactKey::of("Anna");
        let draw = |seed, contact, name, ordinal, lane| Fortune::of(seed, contact).named(name).uniform(ordinal, lane);
        let own = draw(1, anna, 2, 3, Lane::Outcome);
        assert_eq!(own.to_bits(), draw(1, anna, 2, 3, Lane::Outcome).to_bits());
        for other in [
            draw(2, anna, 2, 3, Lane::Outcome),
            draw(1, ContactKey::of("Ben"), 2, 3, Lane::Outcome),
            draw(1, anna, 3, 3, Lane::Outcome),
            draw(1, anna, 2, 4, Lane::Outcome),
            draw(1, anna, 2, 3, Lane::Amount),
        ] {
            assert!((own - other).abs() > f64::EPSILON);
        }
    }

    #[test]
    fn lanes_and_neighbours_know_nothing_of_each_other() {
        let stream = Fortune::of(3, ContactKey::of("x")).named(4);
        let lanes = [Lane::Outcome, Lane::Amount, Lane::Candidates, Lane::Moment, Lane::Share];
        let draws = 20_000;
        for one in lanes {
            for other in lanes {
                for step in [0, 1, 1 << 16, 1 << 32] {
                    if one as u64 == other as u64 && step == 0 {
                        continue;
                    }
                    let product = |ordinal: u64| {
                        (stream.uniform(ordinal << 16, one) - 0.5)
                            * (stream.uniform((ordinal << 16) + step, other) - 0.5)
                    };
                    let covariance = (0..draws).map(product).sum::<f64>() / f64::from(20_000);
                    // Five standard errors: the product of two such numbers varies by 1/12.
                    assert!(covariance.abs() < 5.0 / 12.0 / f64::from(20_000).sqrt(), "{one:?} {other:?} {step}");
                }
            }
        }
    }

    #[test]
    fn the_numbers_of_a_pair_know_nothing_of_each_other() {
        let stream = Fortune::of(3, ContactKey::of("x")).named(4);
        let draws = 20_000;
        for step in [0, 1, 1 << 16, 1 << 32] {
            let product = |ordinal: u64| {
                let (one, _) = stream.pair(ordinal, Lane::Candidates);
                let (_, other) = stream.pair(ordinal + step, Lane::Candidates);
                (unit(one) - 0.5) * (unit(other) - 0.5)
            };
            let bits = |ordinal: u64| {
                let (one, other) = stream.pair(ordinal, Lane::Candidates);
                f64::from((one ^ other.rotate_left(u32::try_from(step % 61).unwrap())).count_ones()) - 32.0
            };
            for spread in [1, 1 << 16] {
                let covariance = (0..draws).map(|draw| product(draw * spread)).sum::<f64>() / f64::from(20_000);
                // Five standard errors: the product of two such numbers varies by 1/12.
                assert!(covariance.abs() < 5.0 / 12.0 / f64::from(20_000).sqrt(), "{covariance} at {step}");
                // Five standard errors of how many of 64 bits differ.
                let differing = (0..draws).map(|draw| bits(draw * spread)).sum::<f64>() / f64::from(20_000);
                assert!(differing.abs() < 5.0 * 4.0 / f64::from(20_000).sqrt(), "{differing} at {step}");
            }
        }
    }

    #[test]
    fn draws_are_spread_evenly() {
        let draws = 100_000;
        let below = (0..draws).filter(|visit| uniform(7, ContactKey::of("x"), 1, *visit) < 0.3).count();
        let share = f64::from(u32::try_from(below).unwrap()) / f64::from(draws);
        // Four standard errors of a share of 0.3 over 100,000 draws.
        assert!((share - 0.3).abs() < 4.0 * (0.3_f64 * 0.7 / f64::from(draws)).sqrt(), "{share}");
    }

    #[test]
    fn an_id_that_goes_on_has_the_key_of_the_whole() {
        assert_eq!(ContactKey::of("12").continued("/3"), ContactKey::of("12/3"));
    }
}
