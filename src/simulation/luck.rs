//! Draws that depend on nothing but their key: the same (seed, contact, arrow, visit) always draws the same number,
//! in whatever order contacts run and whatever else is drawn.

/// What identifies a contact in a draw: a hash of its id, so that adding contacts changes nobody else's luck.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ContactKey(pub u64);

impl ContactKey {
    /// FNV-1a (Fowler, Noll, Vo), 64 bits.
    #[must_use]
    pub fn of(id: &str) -> Self {
        Self(
            id.bytes()
                .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)),
        )
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
    fn draws_are_spread_evenly() {
        let draws = 100_000;
        let below = (0..draws).filter(|visit| uniform(7, ContactKey::of("x"), 1, *visit) < 0.3).count();
        let share = f64::from(u32::try_from(below).unwrap()) / f64::from(draws);
        // Four standard errors of a share of 0.3 over 100,000 draws.
        assert!((share - 0.3).abs() < 4.0 * (0.3_f64 * 0.7 / f64::from(draws)).sqrt(), "{share}");
    }
}
