//! Putting very many things in order, so that it can be called off soon.

use super::run::Progress;

/// So many are sorted at once, or merged between two looks at whether to go on.
const SHARE: usize = 1 << 16;

/// The same in order; what has the same key keeps its order. `None` if it was cancelled.
pub(super) fn sorted<T: Copy, K: Ord>(mut items: Vec<T>, key: impl Fn(&T) -> K, progress: &Progress) -> Option<Vec<T>> {
    for share in items.chunks_mut(SHARE) {
        if progress.is_cancelled() {
            return None;
        }
        share.sort_by_key(&key);
    }
    let mut width = SHARE;
    let mut merged = Vec::new();
    while width < items.len() {
        merged.clear();
        merged.reserve_exact(items.len());
        for pair in items.chunks(2 * width) {
            let (mut one, mut other) = pair.split_at(width.min(pair.len()));
            while let (Some(first), Some(second)) = (one.first(), other.first()) {
                if merged.len() % SHARE == 0 && progress.is_cancelled() {
                    return None;
                }
                if key(second) < key(first) {
                    merged.push(*second);
                    other = &other[1..];
                } else {
                    merged.push(*first);
                    one = &one[1..];
                }
            }
            for rest in one.chunks(SHARE).chain(other.chunks(SHARE)) {
                if progress.is_cancelled() {
                    return None;
                }
                merged.extend_from_slice(rest);
            }
        }
        std::mem::swap(&mut items, &mut merged);
        width *= 2;
    }
    Some(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_stable_order_at_any_length() {
        for length in [0, 1, 2, SHARE - 1, SHARE, SHARE + 1, 5 * SHARE + 7] {
            let items: Vec<(u64, usize)> =
                (0..length).map(|place| ((place as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) % 97, place)).collect();
            let mut expected = items.clone();
            expected.sort_by_key(|(key, _)| *key);
            assert_eq!(sorted(items, |(key, _)| *key, &Progress::default()), Some(expected));
        }
    }

    #[test]
    fn it_can_be_called_off() {
        let progress = Progress::default();
        progress.cancel();
        assert_eq!(sorted(vec![2, 1], |key| *key, &progress), None);
    }
}
