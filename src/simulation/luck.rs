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
#[derive(Clone, Copy, Debug)]
pub(super) struct Stream(u64);

/// What a number is drawn for, under one name and ordinal.
#[derive(Clone, Copy, Debug)]
pub(super) enum Lane {
    /// Which of several things.
    Outcome,
    /// How late, or how much.
    Amount,
    /// How many candidates in a cell of time.
    Candidates,
    /// When each of them comes.
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

impl Stream {
    pub(super) fn of(seed: u64, contact: ContactKey, name: u64) -> Self {
        Self(mix(mix(mix(seed) ^ contact.0) ^ name))
    }

    pub(super) fn draws(self, ordinal: u64, lane: Lane) -> Draws {
        Draws { state: mix(self.0 ^ ordinal) ^ ((lane as u64) << 56), next: 0 }
    }

    /// The first number of a lane.
    pub(super) fn uniform(self, ordinal: u64, lane: Lane) -> f64 {
        self.draws(ordinal, lane).uniform()
    }
}

impl Draws {
    /// The next number between 0 and 1, both left out.
    pub(super) fn uniform(&mut self) -> f64 {
        self.next += 1;
        #[expect(clippy::cast_precision_loss, reason = "52 bits and a half fit into a double")]
        let draw = (mix(self.state ^ self.next) >> 12) as f64;
        (draw + 0.5) / 4_503_599_627_370_496.0
    }
}

/// One step of `SplitMix64` (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
fn mix(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
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
        let draw = |seed, contact, name, ordinal, lane| Stream::of(seed, contact, name).uniform(ordinal, lane);
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
