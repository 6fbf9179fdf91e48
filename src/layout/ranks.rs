//! Which layer each block stands in.

use std::collections::VecDeque;

/// How layers are given out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ranking {
    /// After everything that leads to it: arrows run one way, but for those that go round in a circle.
    Longest,
    /// As few arrows away from the first as possible: compact where there are many circles.
    Nearest,
}

/// The layer of each of `count` blocks, from 0, none of them empty. `arrows` are pairs of places; `first` comes first.
pub(super) fn ranks(ranking: Ranking, count: usize, arrows: &[(usize, usize)], first: Option<usize>) -> Vec<usize> {
    let mut outgoing = vec![Vec::new(); count];
    let mut arriving = vec![0_usize; count];
    for (from, to) in arrows {
        outgoing[*from].push(*to);
        arriving[*to] += 1;
    }
    let sources = (0..count).filter(|place| arriving[*place] == 0);
    let roots: Vec<usize> = first.into_iter().chain(sources).chain(0..count).collect();
    match ranking {
        Ranking::Longest => longest(count, &outgoing, &roots),
        Ranking::Nearest => nearest(count, &outgoing, &roots),
    }
}

fn nearest(count: usize, outgoing: &[Vec<usize>], roots: &[usize]) -> Vec<usize> {
    let mut ranks = vec![usize::MAX; count];
    for root in roots {
        if ranks[*root] != usize::MAX {
            continue;
        }
        ranks[*root] = 0;
        let mut queue = VecDeque::from([*root]);
        while let Some(at) = queue.pop_front() {
            for next in &outgoing[at] {
                if ranks[*next] == usize::MAX {
                    ranks[*next] = ranks[at] + 1;
                    queue.push_back(*next);
                }
            }
        }
    }
    ranks
}

fn longest(count: usize, outgoing: &[Vec<usize>], roots: &[usize]) -> Vec<usize> {
    // Depth first: an arrow that leads back to where the search is still under way closes a circle, and does not count.
    let mut state = vec![Visit::New; count];
    let mut finished = Vec::with_capacity(count);
    let mut forward = vec![Vec::new(); count];
    for root in roots {
        if state[*root] != Visit::New {
            continue;
        }
        state[*root] = Visit::UnderWay;
        let mut path = vec![(*root, 0)];
        while let Some((at, next)) = path.last_mut() {
            let at = *at;
            let Some(to) = outgoing[at].get(*next).copied() else {
                state[at] = Visit::Done;
                finished.push(at);
                path.pop();
                continue;
            };
            *next += 1;
            if state[to] != Visit::UnderWay {
                forward[at].push(to);
            }
            if state[to] == Visit::New {
                state[to] = Visit::UnderWay;
                path.push((to, 0));
            }
        }
    }
    let mut ranks = vec![0; count];
    for at in finished.iter().rev() {
        for to in &forward[*at] {
            ranks[*to] = ranks[*to].max(ranks[*at] + 1);
        }
    }
    tighten(&mut ranks, &forward, &finished);
    ranks
}

/// Blocks with more arrows leading on than leading to them move nearer to where they lead.
fn tighten(ranks: &mut [usize], forward: &[Vec<usize>], finished: &[usize]) {
    let mut arriving = vec![0_usize; ranks.len()];
    for to in forward.iter().flatten() {
        arriving[*to] += 1;
    }
    for at in finished {
        let Some(nearest) = forward[*at].iter().map(|to| ranks[*to]).min() else { continue };
        if forward[*at].len() > arriving[*at] {
            ranks[*at] = nearest - 1;
        }
    }
    let lowest = ranks.iter().min().copied().unwrap_or(0);
    for rank in ranks {
        *rank -= lowest;
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Visit {
    New,
    UnderWay,
    Done,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arrow_back_makes_no_layer() {
        let arrows = [(0, 1), (1, 2), (2, 0), (0, 2)];
        assert_eq!(ranks(Ranking::Longest, 3, &arrows, Some(0)), [0, 1, 2]);
        assert_eq!(ranks(Ranking::Nearest, 3, &arrows, Some(0)), [0, 1, 1]);
    }

    #[test]
    fn what_leads_on_stands_next_to_where_it_leads() {
        assert_eq!(ranks(Ranking::Longest, 4, &[(0, 1), (1, 2), (3, 2)], Some(0)), [0, 1, 2, 1]);
    }

    #[test]
    fn a_thousand_in_a_row_do_not_overflow_anything() {
        let arrows: Vec<_> = (0..999).map(|place| (place, place + 1)).collect();
        assert_eq!(ranks(Ranking::Longest, 1000, &arrows, None)[999], 999);
    }
}
