//! Whether answers can be found that make some conditions hold and others fail: all cases are gone through, each question
//! with one answer for every stretch in which nothing changes.
//!
//! No solver of somebody else is needed: a journey's conditions are comparisons of few sums with numbers. Where several
//! things stand in one sum, the stretches of the one depend on the other; they are found by eliminating one after the other
//! (Fourier and Motzkin), which loses nothing on sums.

use super::asked::{Asked, Guard, Sample, event_of};
use super::linear::Linear;
use super::read::{Catalog, Read, is_whole};
use super::relation::{Relation, Tree};
use crate::model::{AttributeKind, EventId, NodeId, Project};

/// After so many answers tried, the analysis gives up and says so.
pub(super) const MOST_TRIED: usize = 200_000;
const MOST_SUMS: usize = 2_000;

/// What is known before anything is asked.
pub(super) struct Setting<'a> {
    pub(super) project: &'a Project,
    pub(super) tree: Tree<'a>,
    /// The event in hand, where it is known and was counted.
    pub(super) counted: Option<EventId>,
    /// Nothing brings values: a timer is due.
    pub(super) no_fields: bool,
}

/// What going through the cases found.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Found {
    /// An answer for every question that matters, by place; the others are `None`.
    Case(Vec<Option<Sample>>),
    Nothing,
    Unclear(String),
}

struct Puzzle<'p> {
    setting: &'p Setting<'p>,
    catalog: &'p Catalog,
    wishes: &'p [(&'p Guard, bool)],
    /// The places in the order they are settled.
    order: Vec<usize>,
    /// By step: what can be checked as soon as it is settled.
    relations: Vec<Vec<Relation>>,
    /// By step: the sums in which it is settled last.
    sums: Vec<Vec<Linear>>,
    /// By step: how far a whole number may have to lie beside a stretch's end, to leave room for those that are settled
    /// later and stand in a sum with it.
    reach: Vec<u32>,
    tried: usize,
    riddle: Option<usize>,
}

/// Looks for a case in which each condition holds or fails as wished.
pub(super) fn find(setting: &Setting, catalog: &mut Catalog, wishes: &[(&Read, bool)]) -> Found {
    let mut places: Vec<usize> = Vec::new();
    for (read, _) in wishes {
        read.guard.visit(&mut |place| {
            if !places.contains(&place) {
                places.push(place);
            }
        });
    }
    let relations = relations(setting, catalog, &mut places);
    let class = |place: &usize| match &catalog.asked[*place] {
        Asked::Riddle(_) => 5,
        // How long ago things were says more of how often than the other way round.
        Asked::Since(_) | Asked::Here(_) => 1,
        asked if is_whole(asked) => 2,
        Asked::Field(_) | Asked::Draw(_) => 3,
        Asked::Attribute(id) => match setting.project.attributes[id].kind {
            AttributeKind::Number | AttributeKind::Score => 3,
            // A field may make a text of its number.
            AttributeKind::Text => 4,
            _ => 0,
        },
        _ => 0,
    };
    places.sort_by_key(class);
    let step = |place: usize| places.iter().position(|known| *known == place);
    let mut sums: Vec<Vec<Linear>> = vec![Vec::new(); places.len()];
    let mut all: Vec<Linear> = wishes.iter().flat_map(|(read, _)| read.sums.iter().cloned()).collect();
    let mut waiting: Vec<Vec<Relation>> = vec![Vec::new(); places.len()];
    for relation in relations {
        all.extend(relation.sums());
        if let Some(last) = relation.places().into_iter().filter_map(step).max() {
            waiting[last].push(relation);
        }
    }
    // Counts and lengths of time begin with 0, those of the event in hand with 1.
    for place in places.iter().filter(|place| is_whole(&catalog.asked[**place])) {
        all.push(Linear::one(*place));
        if setting.counted.is_some() && setting.counted == event_of(&catalog.asked[*place]) {
            all.push(Linear::one(*place).minus(&Linear::constant(1.0)));
        }
    }
    let reach = reach(&all, &places);
    for sum in all {
        keep(&mut sums, sum, &places);
    }
    if !eliminate(&mut sums, &places) {
        return Found::Unclear(String::from("too many things hang together"));
    }
    let guards: Vec<(&Guard, bool)> = wishes.iter().map(|(read, wanted)| (&read.guard, *wanted)).collect();
    let mut puzzle = Puzzle {
        setting,
        catalog,
        wishes: &guards,
        order: places,
        relations: waiting,
        sums,
        reach,
        tried: 0,
        riddle: None,
    };
    let mut settled = vec![None; catalog.asked.len()];
    let found = puzzle.settle(0, &mut settled);
    match (found, puzzle.riddle) {
        (Some(true), _) => Found::Case(settled),
        (None, _) => Found::Unclear(format!("there are more than {MOST_TRIED} cases to look at")),
        (Some(false), Some(riddle)) => {
            let Asked::Riddle(text) = &catalog.asked[riddle] else { return Found::Nothing };
            let why = catalog.why.get(&riddle).map_or("", String::as_str);
            Found::Unclear(format!("\"{text}\" is not looked into: {why}"))
        }
        (Some(false), None) => Found::Nothing,
    }
}

/// For each step, how many later ones stand in a sum with it, be it by way of others.
fn reach(sums: &[Linear], order: &[usize]) -> Vec<u32> {
    let mut group: Vec<usize> = (0..order.len()).collect();
    for sum in sums {
        let steps: Vec<usize> =
            sum.terms.iter().filter_map(|(place, _)| order.iter().position(|known| known == place)).collect();
        if let Some(first) = steps.first().map(|step| group[*step]) {
            let joined: Vec<usize> = steps.iter().map(|step| group[*step]).collect();
            group.iter_mut().filter(|group| joined.contains(group)).for_each(|group| *group = first);
        }
    }
    let later = |step: usize| group[step + 1..].iter().filter(|other| **other == group[step]).count();
    (0..order.len()).map(|step| u32::try_from(later(step)).unwrap_or(u32::MAX)).collect()
}

/// Puts a sum where its last part is settled.
fn keep(sums: &mut [Vec<Linear>], sum: Linear, order: &[usize]) {
    let last = |place: usize| order.iter().position(|known| *known == place);
    let steps: Option<Vec<usize>> = sum.terms.iter().map(|(place, _)| last(*place)).collect();
    let Some(step) = steps.and_then(|steps| steps.into_iter().max()) else { return };
    let sum = sum.normal();
    if !sums[step].contains(&sum) {
        sums[step].push(sum);
    }
}

/// Where two sums with the same last part change their order, something may change before that part is settled.
fn eliminate(sums: &mut [Vec<Linear>], order: &[usize]) -> bool {
    for step in (0..order.len()).rev() {
        let own = sums[step].clone();
        if own.iter().all(|sum| sum.terms.len() == 1) {
            continue;
        }
        for (index, one) in own.iter().enumerate() {
            for other in &own[..index] {
                let (of_one, of_other) = (one.factor(order[step]), other.factor(order[step]));
                let without = one.plus(-of_one / of_other, other);
                let without = Linear {
                    terms: without.terms.into_iter().filter(|(place, _)| *place != order[step]).collect(),
                    ..without
                };
                if !without.terms.is_empty() {
                    keep(sums, without, order);
                }
            }
        }
        if sums.iter().map(Vec::len).sum::<usize>() > MOST_SUMS {
            return false;
        }
    }
    true
}

impl Puzzle<'_> {
    /// Settles what is still open; `None` once too much was tried.
    fn settle(&mut self, step: usize, settled: &mut Vec<Option<Sample>>) -> Option<bool> {
        let mut all = true;
        for (guard, wanted) in self.wishes {
            match guard.holds(settled) {
                Some(holds) if holds != *wanted => return Some(false),
                Some(_) => {}
                None => all = false,
            }
        }
        let Some(&place) = self.order.get(step) else { return Some(all) };
        if let Asked::Riddle(_) = self.catalog.asked[place] {
            // They come last: nothing else can decide any more.
            if all {
                return Some(true);
            }
            if self.riddle.is_none() {
                self.riddle = Some(place);
            }
            // It counts only where it could go both ways without a contradiction elsewhere.
            return Some(false);
        }
        for sample in self.answers(step, settled) {
            self.tried += 1;
            if self.tried > MOST_TRIED {
                return None;
            }
            settled[place] = Some(sample);
            let fits = |relation: &Relation| relation.fits(settled, &self.setting.tree, self.setting.project);
            if self.relations[step].iter().all(fits) && self.settle(step + 1, settled)? {
                return Some(true);
            }
        }
        settled[place] = None;
        Some(false)
    }

    /// One answer for every stretch, those that read best first.
    fn answers(&self, step: usize, settled: &[Option<Sample>]) -> Vec<Sample> {
        let place = self.order[step];
        let project = self.setting.project;
        let numbers = |whole, least, greatest| self.numbers(step, settled, whole, least, greatest);
        let plain = |numbers: Vec<f64>| numbers.into_iter().map(Sample::Number).collect::<Vec<_>>();
        let yes_no = || vec![Sample::YesNo(true), Sample::YesNo(false)];
        let known = match &self.catalog.asked[place] {
            Asked::In(_) => return yes_no(),
            Asked::Riddle(_) => return Vec::new(),
            Asked::Draw(_) => return plain(numbers(false, Some(0.0), Some(1.0_f64.next_down()))),
            Asked::Count(event) | Asked::CountHere(event, _) => {
                return plain(self.counted(&numbers(true, Some(0.0), None), *event, true));
            }
            Asked::Within(event, window) => {
                let least = window.milliseconds > 0;
                let all = if least { numbers(true, Some(0.0), None) } else { vec![0.0] };
                return plain(self.counted(&all, *event, least));
            }
            Asked::Since(event) if self.setting.counted == Some(*event) => return vec![Sample::Number(0.0)],
            Asked::Since(_) => plain(durations(numbers(true, Some(0.0), None))),
            Asked::Here(_) => return plain(durations(numbers(true, Some(0.0), None))),
            Asked::LastTouchpoint => {
                project.touchpoints.values().map(|touchpoint| Sample::Text(touchpoint.name.clone())).collect()
            }
            Asked::Field(_) if self.setting.no_fields => return vec![Sample::Unknown],
            Asked::Field(_) => {
                let mut all = plain(numbers(false, None, None));
                all.splice(0..0, self.catalog.texts.iter().cloned().map(Sample::Text));
                all.extend(self.other_texts());
                all.extend(yes_no());
                all.extend(self.choices_taken_over());
                all
            }
            Asked::Attribute(id) => match &project.attributes[id].kind {
                AttributeKind::Score => return plain(numbers(false, None, None)),
                AttributeKind::Number => plain(numbers(false, None, None)),
                AttributeKind::Time => numbers(true, None, None).into_iter().map(Sample::Time).collect(),
                AttributeKind::YesNo => yes_no(),
                AttributeKind::Choice(choices) => (0..choices.len())
                    .filter_map(|place| u32::try_from(place).ok())
                    .map(f64::from)
                    .map(Sample::Number)
                    .rev()
                    .collect(),
                AttributeKind::Text => {
                    let mut all: Vec<Sample> = self.catalog.texts.iter().cloned().map(Sample::Text).collect();
                    all.extend(self.other_texts());
                    // What a field brings may be a number.
                    let brought = self.order[..step].iter().filter_map(|place| settled[*place].as_ref());
                    all.extend(brought.filter_map(Sample::number).map(|number| Sample::Text(number.to_string())));
                    all
                }
            },
        };
        known.into_iter().chain([Sample::Unknown]).collect()
    }

    /// The event in hand has happened, now.
    fn counted(&self, numbers: &[f64], event: EventId, once: bool) -> Vec<f64> {
        let least = if once && self.setting.counted == Some(event) { 1.0 } else { 0.0 };
        let mut kept: Vec<f64> = numbers.iter().copied().filter(|number| *number >= least).collect();
        if kept.is_empty() {
            kept.push(least);
        }
        kept
    }

    /// As many texts that nothing is compared with as there are things that could be one.
    fn other_texts(&self) -> Vec<Sample> {
        let is_text = |place: &&usize| match &self.catalog.asked[**place] {
            Asked::Field(_) => true,
            Asked::Attribute(id) => self.setting.project.attributes[id].kind == AttributeKind::Text,
            _ => false,
        };
        let names = ["something else", "another thing", "a third thing", "a fourth thing", "a fifth thing"];
        let mut others: Vec<Sample> = Vec::new();
        for _ in self.order.iter().filter(is_text) {
            let free = |name: &&str| !self.catalog.texts.iter().any(|text| text == *name);
            let next = names.iter().copied().filter(free).nth(others.len());
            others.push(Sample::Text(next.map_or_else(|| format!("thing {}", others.len() + 1), String::from)));
        }
        others
    }

    /// The choices that a field may bring to an attribute.
    fn choices_taken_over(&self) -> Vec<Sample> {
        let mut texts = Vec::new();
        for place in &self.order {
            if let Asked::Attribute(id) = &self.catalog.asked[*place]
                && let AttributeKind::Choice(choices) = &self.setting.project.attributes[id].kind
            {
                texts.extend(choices.iter().cloned().map(Sample::Text));
            }
        }
        texts.retain(|text| !matches!(text, Sample::Text(text) if self.catalog.texts.contains(text)));
        texts
    }

    /// One number for every stretch between the places where some sum changes its sign, and those places.
    fn numbers(
        &self,
        step: usize,
        settled: &[Option<Sample>],
        whole: bool,
        least: Option<f64>,
        greatest: Option<f64>,
    ) -> Vec<f64> {
        let place = self.order[step];
        let mut ends: Vec<f64> = least.into_iter().chain(greatest).collect();
        for sum in &self.sums[step] {
            let mut rest = sum.constant;
            let mut all_numbers = true;
            for (other, factor) in sum.terms.iter().filter(|(other, _)| *other != place) {
                match settled[*other].as_ref().and_then(Sample::number) {
                    Some(number) => rest += factor * number,
                    None => all_numbers = false,
                }
            }
            if all_numbers {
                ends.push(-rest / sum.factor(place));
            }
        }
        ends.retain(|end| end.is_finite());
        ends.sort_by(f64::total_cmp);
        ends.dedup();
        let mut found: Vec<f64> = Vec::new();
        for pair in ends.windows(2) {
            found.push(between(pair[0], pair[1]));
        }
        match (ends.first(), ends.last()) {
            (Some(lowest), Some(highest)) => {
                found.push((lowest - 1.0).floor());
                found.push((highest + 1.0).ceil());
            }
            _ => found.push(1.0),
        }
        for end in &ends {
            if whole {
                for beside in 0..=self.reach[step] {
                    found.push(end.floor() - f64::from(beside));
                    found.push(end.ceil() + f64::from(beside));
                }
            } else {
                found.push(*end);
                // A sum may be rounded on the way to it.
                if (end * 1024.0).fract() != 0.0 {
                    found.extend([end.next_down(), end.next_up()]);
                }
            }
        }
        let inside =
            |number: &f64| least.is_none_or(|least| *number >= least) && greatest.is_none_or(|most| *number <= most);
        found.retain(|number| inside(number) && (!whole || number.fract() == 0.0));
        // There is no -0.
        for number in &mut found {
            *number += 0.0;
        }
        found.sort_by(|one, two| roughness(*one).cmp(&roughness(*two)).then(one.total_cmp(two)));
        found.dedup();
        found
    }
}

/// A number between two others that reads well.
fn between(low: f64, high: f64) -> f64 {
    let next = |unit: f64| ((low / unit).floor() + 1.0) * unit;
    let whole = [86_400_000.0, 3_600_000.0, 60_000.0].into_iter().filter(|unit| high - low > *unit).map(next);
    if let Some(number) = whole.chain([next(1.0)]).find(|number| *number < high) {
        return number;
    }
    low + (high - low) / 2.0
}

fn roughness(number: f64) -> u8 {
    u8::from(number.fract() != 0.0)
}

/// Those in whole days first, then hours, then the rest.
fn durations(mut numbers: Vec<f64>) -> Vec<f64> {
    let rough =
        |number: f64| [86_400_000.0, 3_600_000.0, 60_000.0].iter().filter(|unit| number % **unit != 0.0).count();
    numbers.sort_by(|one, two| rough(*one).cmp(&rough(*two)).then(one.total_cmp(two)));
    numbers
}

/// What must be true of the answers; adds what else must be settled for that.
fn relations(setting: &Setting, catalog: &mut Catalog, places: &mut Vec<usize>) -> Vec<Relation> {
    let asked = |catalog: &Catalog, places: &[usize]| -> Vec<(usize, Asked)> {
        places.iter().map(|place| (*place, catalog.asked[*place].clone())).collect()
    };
    let all = asked(catalog, places);
    for (_, one) in &all {
        let Asked::CountHere(event, node) = one else { continue };
        let hangs = |other: &Asked| matches!(other, Asked::Since(e) | Asked::Within(e, _) if e == event);
        if all.iter().any(|(_, other)| hangs(other)) {
            let here = catalog.place(Asked::Here(*node));
            if !places.contains(&here) {
                places.push(here);
            }
        }
    }
    let all = asked(catalog, places);
    let inside = |inner: NodeId, outer: NodeId| {
        let outwards = std::iter::successors(Some(inner), |id| setting.project.nodes.get(id)?.parent);
        inner != outer && outwards.take(setting.project.nodes.len() + 1).any(|node| node == outer)
    };
    #[expect(clippy::cast_precision_loss, reason = "durations are far below 2^53 milliseconds")]
    let long = |milliseconds: i64| milliseconds as f64;
    let mut found = Vec::new();
    for (one, first) in &all {
        for (two, second) in &all {
            match (first, second) {
                (Asked::Within(e, _) | Asked::CountHere(e, _), Asked::Count(f)) if e == f => {
                    found.push(Relation::AtMost(*one, *two));
                }
                (Asked::Within(e, short), Asked::Within(f, wide))
                    if e == f && one != two && short.milliseconds <= wide.milliseconds =>
                {
                    found.push(Relation::AtMost(*one, *two));
                }
                (Asked::CountHere(e, inner), Asked::CountHere(f, outer)) if e == f && inside(*inner, *outer) => {
                    found.push(Relation::AtMost(*one, *two));
                }
                (Asked::Here(inner), Asked::Here(outer)) if inside(*inner, *outer) => {
                    found.push(Relation::AtMost(*one, *two));
                }
                (Asked::Since(e), Asked::Count(f)) if e == f => found.push(Relation::Happened(*one, *two)),
                (Asked::Since(e), Asked::Within(f, window)) if e == f => {
                    found.push(Relation::Recent(*one, *two, long(window.milliseconds)));
                }
                (Asked::CountHere(e, node), Asked::Since(f)) if e == f => {
                    if let Some(here) = catalog.known(&Asked::Here(*node)) {
                        found.push(Relation::Here(*two, here, *one));
                    }
                }
                (Asked::CountHere(e, node), Asked::Within(f, window)) if e == f => {
                    if let Some(here) = catalog.known(&Asked::Here(*node)) {
                        found.push(Relation::WindowHere(*two, long(window.milliseconds), here, *one));
                    }
                }
                (Asked::Field(name), Asked::Attribute(id)) => {
                    let event = setting.counted.and_then(|event| setting.project.events.get(&event));
                    let takes = event.is_some_and(|event| {
                        let mut fields = event.fields.iter();
                        fields.any(|field| field.attribute == Some(*id) && field.name.eq_ignore_ascii_case(name))
                    });
                    if takes {
                        let kind = setting.project.attributes[id].kind.clone();
                        found.push(Relation::TakenOver(*one, *two, kind));
                    }
                }
                _ => {}
            }
        }
    }
    let nodes = all.iter().filter_map(|(place, asked)| match asked {
        Asked::In(node) => Some((*place, *node)),
        _ => None,
    });
    let nodes: Vec<(usize, NodeId)> = nodes.collect();
    if !nodes.is_empty() {
        found.push(Relation::Configuration(nodes));
    }
    found
}
