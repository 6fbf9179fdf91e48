//! A journey with something of everything, and an edit of every kind on it.

use statecraft::model::*;

const JOURNEY: &str = "\
journey Trial
zone Europe/Berlin
start Lead
event download
event unused
attribute fit: choice D < C < B < A
score engagement: half-life 30 days
touchpoint welcome: e-mail
touchpoint reminder: SMS
rule download [fit >= B]: engagement + 10, at most 30 in 7 days
state Lead at 0, 0 stage nurture owner Marketing
  note Has asked for something.
  entry notify(Sales: say hello)
state Trial at 200, 0 stage convert
end Lost at 400, 100
group Customer at 400, 0
state Active in Customer at 400, 20
state Paused in Customer at 400, 90
Lead --trial started [engagement >= 10 and count(download) > 0] / send(welcome)--> Trial
Lead --after 30 days / send(reminder)--> (stay)
Lead --unsubscribed--> Lost
Trial --bought / convert(sale: 99)--> Customer
Customer --!closed--> Lost
split download: 1st [count(download) = 1], later [count(download) > 1 and in(Lead)]
ignored Trial on download [later] by Anna: the guide is enough
question Customer on silence by Ben: who calls?
contact Anna: fit = B, start = 2026-01-01
  2026-01-05 09:30 download, 2026-01-09 trial started (plan = \"pro\")
expect Anna on 2026-02-01: in Trial, got welcome once, reached sale never
team Reps: 1 person, 10 a week each, Mon–Fri 09:00–17:00
team Nobody: 0 people, 0.1 a week each
attribute churn: number
behaviour answers: on Trial [fit >= B and count(download) > 0], after lognormal 2 days, 90 % below 9 days, by team Reps
  -> bought (value = engagement * 2, reason = \"price\") 30.3 % (10..50 %, measured: CRM 2025), closed with chance churn
  note As told by sales.
behaviour rates: 1.8 per 60 days in Customer, shape 0.8, cancelled on leaving, after gamma 2 h, shape 0.1 -> download 10 %
behaviour sent: when sent reminder [in(Lead)] -> download 52 %
population Visitors: 2000 contacts from 2026-01-01 over 60 days
  zones Europe/Berlin 60 %
  draw fit: D 40 %, A 10 %
  draw churn: beta 0.668, 3.806
  earlier download: 0 30 %, 3 25 % within 60 days
policy consent not in(Lost)
policy suppress count(download) > 9
policy cap 2 e-mail in 7 days
policy quiet SMS 21:00–08:00
discount 1 % a month (0.5..2 %)
scenario Base until 2027-01-01
scenario World on Visitors until 2026-06-01 seed 9
";

pub(super) fn journey() -> Project {
    let mut project = notation::parse(JOURNEY).expect("the sample reads");
    // What comes by import only has no notation.
    let (lead, active) = (node(&project, "Lead"), node(&project, "Active"));
    let (imported, download) = (imported_actions(&project), event(&project, "download"));
    if let Some(lead) = project.nodes.get_mut(&lead) {
        lead.on_entry.extend(imported);
        lead.also.push(active);
        lead.on_begin.push(Action::Block(vec![Action::Raise(download)]));
        lead.brings.push((text("points"), Formula::new("engagement + 1")));
    }
    let bought = arrow(&project, "Trial", 0);
    if let Some(bought) = project.transitions.get_mut(&bought) {
        bought.also.push(active);
    }
    if let Some(score) = project.attributes.values_mut().find(|attribute| attribute.name == "engagement") {
        score.initial = Value::Number(1.0 / 3.0);
    }
    project.info.microsteps = Some(10_000);
    project
}

pub(super) fn imported_actions(p: &Project) -> Vec<Action> {
    let message = Message {
        event: event(p, "download"),
        after: Some(Duration::days(3)),
        key: text("later"),
        fields: vec![(text("points"), Formula::new("engagement * 2"))],
    };
    let inner = vec![Branch { guard: Formula::default(), actions: vec![Action::Send(touchpoint(p, "welcome"))] }];
    vec![
        Action::If(vec![
            Branch {
                guard: Formula::new("engagement > 3"),
                actions: vec![Action::Raise(event(p, "download")), Action::Schedule(message)],
            },
            Branch { guard: Formula::default(), actions: vec![Action::If(inner), Action::Cancel(text("later"))] },
        ]),
        Action::Cancel(text("later")),
        Action::Fail(Failure {
            problem: text("nobody is there"),
            fields: vec![(text("points"), Formula::new("engagement"))],
        }),
    ]
}

/// What was copied in a project that knows other words.
pub(super) fn foreign_piece() -> Piece {
    let mut other = notation::parse(
        "event call\nattribute minutes: number\ntouchpoint card: letter\nstate Lead at 0, 0\ngroup Club at 300, 0
         state In in Club at 300, 0\nLead --call [count(call) > 3 and in(In)] / send(card)--> In",
    )
    .expect("the piece reads");
    let minutes = attribute(&other, "minutes");
    if let Some(call) = other.events.values_mut().next() {
        call.fields.push(Field { name: text("spoken"), attribute: Some(minutes) });
    }
    other.piece(&other.nodes.keys().copied().collect::<Vec<_>>())
}

pub(super) fn dataset() -> (DatasetInfo, Dataset) {
    let info = DatasetInfo::named("spring", "spring.csv");
    let dataset = Dataset {
        contacts: vec![String::from("a"), String::from("b")],
        first: vec![0, 2, 3],
        times: vec![Time(1), Time(2), Time(3)],
        codes: vec![0, 1, 0],
        event_names: vec![String::from("download"), String::from("called")],
        ..Dataset::default()
    };
    (info, dataset)
}

macro_rules! examples {
    ($project:ident: $($variant:ident => [$($edit:expr),+ $(,)?]),* $(,)?) => {
        /// At least one edit of every kind, each of which changes the sample.
        pub(super) fn examples($project: &Project) -> Vec<Edit> {
            let mut examples = Vec::new();
            $($(
                let edit = $edit;
                assert!(matches!(edit, Edit::$variant { .. }), "{edit:?} stands under another name");
                examples.push(edit);
            )+)*
            examples
        }

        /// Does not compile until a new variant is listed.
        const _: fn(&Edit) = |edit| match edit {
            $(Edit::$variant { .. } => (),)*
        };
    };
}

pub(super) fn text(text: &str) -> String {
    text.to_owned()
}

pub(super) fn node(project: &Project, name: &str) -> NodeId {
    project.node_by_name(name).expect(name).id
}

pub(super) fn event(project: &Project, name: &str) -> EventId {
    project.event_by_name(name).expect(name).id
}

pub(super) fn attribute(project: &Project, name: &str) -> AttributeId {
    project.attribute_by_name(name).expect(name).id
}

pub(super) fn touchpoint(project: &Project, name: &str) -> TouchpointId {
    project.touchpoint_by_name(name).expect(name).id
}

pub(super) fn arrow(project: &Project, source: &str, rank: usize) -> TransitionId {
    project.outgoing(node(project, source)).nth(rank).expect(source).id
}

pub(super) fn rule(project: &Project) -> ScoreRule {
    project.score_rules.values().next().expect("a rule").clone()
}

pub(super) fn contact(project: &Project) -> Contact {
    project.contacts.values().next().expect("a contact").clone()
}

pub(super) fn behaviour(project: &Project, name: &str) -> Behaviour {
    project.behaviours.values().find(|behaviour| behaviour.name == name).expect(name).clone()
}

pub(super) fn team(project: &Project) -> Team {
    project.teams.values().next().expect("a team").clone()
}

pub(super) fn generator(project: &Project) -> Generator {
    project.generators.values().next().expect("a population").clone()
}

pub(super) fn bucket(name: &str, guard: &str) -> Bucket {
    Bucket { id: BucketId(0), name: text(name), guard: Formula::new(guard) }
}

pub(super) fn place(project: &Project, state: &str, asked: Asked) -> Place {
    Place { state: node(project, state), asked, bucket: None }
}

pub(super) fn expectation(project: &Project) -> Expectation {
    project.expectations.values().next().expect("an expectation").clone()
}

pub(super) fn scenario(project: &Project) -> Scenario {
    project.scenarios.values().next().expect("a scenario").clone()
}

examples! { p:
    RenameJourney => [Edit::RenameJourney(text("Große Reise 🛒"))],
    SetJourneyNote => [Edit::SetJourneyNote(text("Why do they\nleave?\0"))],
    SetZone => [Edit::SetZone(text("Asia/Tokyo")), Edit::SetZone(String::new())],
    SetStart => [Edit::SetStart(node(p, "Trial"))],
    SetSendPolicy => [
        Edit::SetSendPolicy(SendPolicy::default()),
        Edit::SetSendPolicy(SendPolicy {
            consent: Formula::new("engagement >"),
            drop_when_left: true,
            ..p.info.send_policy.clone()
        }),
    ],
    SetDiscount => [Edit::SetDiscount(None), Edit::SetDiscount(Some(Assumption::guessed(0.3)))],
    AddNode => [
        Edit::AddNode { kind: NodeKind::State, name: text("Dormant"), parent: None, position: Point::new(0.1, -1e-30) },
        Edit::AddNode {
            kind: NodeKind::Resume,
            name: text("Back"),
            parent: Some(node(p, "Customer")),
            position: Point::new(1.0 / 3.0, f32::MAX),
        },
    ],
    AddConnectedState => [Edit::AddConnectedState {
        source: node(p, "Lead"),
        name: text("Called"),
        parent: None,
        position: Point::new(10.0, 20.0),
        trigger: text("phone call"),
    }],
    RenameNode => [Edit::RenameNode(node(p, "Lead"), text("Prospect"))],
    MoveNodes => [Edit::MoveNodes(vec![
        (node(p, "Lead"), Point::new(5.5, 0.1)),
        (node(p, "Trial"), Point::new(-7.25, 1e7)),
    ])],
    Arrange => [
        Edit::Arrange(
            Arrangement::Alignment,
            vec![node(p, "Lead"), node(p, "Trial")],
            vec![(node(p, "Lead"), Point::new(0.0, 64.0)), (node(p, "Trial"), Point::new(200.0, 64.0))],
        ),
        Edit::Arrange(Arrangement::Distribution, vec![node(p, "Lead")], vec![(node(p, "Lead"), Point::new(0.1, 0.2))]),
    ],
    MoveInto => [
        Edit::MoveInto {
            ids: vec![node(p, "Trial")],
            parent: Some(node(p, "Customer")),
            places: vec![(node(p, "Trial"), Point::new(400.0, 160.0))],
        },
        Edit::MoveInto {
            ids: vec![node(p, "Active"), node(p, "Paused")],
            parent: None,
            places: vec![(node(p, "Active"), Point::new(900.0, 1.0 / 3.0))],
        },
    ],
    Tidy => [Edit::Tidy(vec![(node(p, "Trial"), Point::new(0.25, -3.0))])],
    SetNodeKind => [Edit::SetNodeKind(node(p, "Trial"), NodeKind::Group)],
    Group => [Edit::Group(vec![node(p, "Lead"), node(p, "Trial")], text("Prospects"))],
    Ungroup => [Edit::Ungroup(node(p, "Customer"))],
    SetParent => [
        Edit::SetParent(vec![node(p, "Trial")], Some(node(p, "Customer"))),
        Edit::SetParent(vec![node(p, "Active")], None),
    ],
    SetCollapsed => [Edit::SetCollapsed(node(p, "Customer"), true)],
    SetInitial => [Edit::SetInitial(node(p, "Customer"), node(p, "Paused"))],
    SetStage => [
        Edit::SetStage(vec![node(p, "Lead"), node(p, "Trial")], Some(Stage::Advocate)),
        Edit::SetStage(vec![node(p, "Lead")], None),
    ],
    SetOwner => [Edit::SetOwner(node(p, "Trial"), text("Sales"))],
    SetNodeNote => [Edit::SetNodeNote(node(p, "Trial"), text("Fourteen days."))],
    SetEntryActions => [Edit::SetEntryActions(node(p, "Lead"), vec![Action::Send(touchpoint(p, "welcome"))])],
    SetExitActions => [Edit::SetExitActions(
        node(p, "Lead"),
        vec![
            Action::AddScore { score: attribute(p, "engagement"), points: Formula::new("2 * 3") },
            Action::Set { attribute: attribute(p, "fit"), value: Formula::new("B") },
            Action::Notify { team: text("Sales"), text: text("gone") },
            Action::Convert { point: text("lead"), value: Formula::default() },
            Action::Raise(event(p, "unused")),
            imported_actions(p).swap_remove(0),
            Action::Cancel(text("later")),
        ],
    )],
    AddTransition => [
        Edit::AddTransition { source: node(p, "Trial"), target: Some(node(p, "Lead")), trigger: text("a new event") },
        Edit::AddTransition { source: node(p, "Trial"), target: None, trigger: text("after 3 days") },
    ],
    AddBranch => [
        Edit::AddBranch {
            source: node(p, "Trial"),
            target: Some(node(p, "Lead")),
            trigger: text("a new event"),
            guard: text("fit >= B"),
        },
        Edit::AddBranch { source: node(p, "Trial"), target: None, trigger: text("after 3 days"), guard: String::new() },
    ],
    SetTrigger => [Edit::SetTrigger(arrow(p, "Lead", 0), text("after 2 weeks without download"))],
    SetGuard => [Edit::SetGuard(arrow(p, "Lead", 1), text("engagement > 3 and"))],
    SetTransitionActions => [Edit::SetTransitionActions(arrow(p, "Lead", 0), Vec::new())],
    SetSource => [Edit::SetSource(arrow(p, "Lead", 0), node(p, "Trial"))],
    SetTarget => [
        Edit::SetTarget(arrow(p, "Lead", 0), None),
        Edit::SetTarget(arrow(p, "Lead", 0), Some(node(p, "Lead"))),
    ],
    SetRestart => [Edit::SetRestart(arrow(p, "Lead", 0), false)],
    SetInterrupt => [Edit::SetInterrupt(arrow(p, "Customer", 0), false)],
    SetBend => [Edit::SetBend(arrow(p, "Lead", 0), Some(Point::new(-1e-30, 1.0 / 3.0)))],
    Rank => [Edit::Rank(arrow(p, "Lead", 2), 0)],
    Duplicate => [
        Edit::Duplicate { ids: vec![node(p, "Lead"), node(p, "Trial")], by: Point::new(32.0, 32.0), home: Home::Beside },
        Edit::Duplicate {
            ids: vec![node(p, "Customer")],
            by: Point::new(0.1, 0.2),
            home: Home::In(Some(node(p, "Customer"))),
        },
        Edit::Duplicate { ids: vec![node(p, "Active")], by: Point::default(), home: Home::In(None) },
    ],
    Paste => [
        Edit::Paste {
            piece: Box::new(p.piece(&[node(p, "Lead"), node(p, "Customer")])),
            by: Point::new(1.0 / 3.0, -64.0),
            parent: None,
        },
        Edit::Paste { piece: Box::new(foreign_piece()), by: Point::default(), parent: Some(node(p, "Customer")) },
    ],
    AddEvent => [Edit::AddEvent(text("webinar"))],
    RenameEvent => [Edit::RenameEvent(event(p, "download"), text("white paper"))],
    SetEventFields => [Edit::SetEventFields(
        event(p, "download"),
        vec![Field { name: text("fit"), attribute: Some(attribute(p, "fit")) }],
    )],
    SetBuckets => [
        Edit::SetBuckets(event(p, "download"), Vec::new()),
        Edit::SetBuckets(event(p, "download"), vec![bucket("new", ""), p.events[&event(p, "download")].buckets[1].clone()]),
        Edit::SetBuckets(event(p, "unused"), vec![bucket("large", "event.size >"), bucket("Rest", "")]),
    ],
    Decide => [
        Edit::Decide {
            places: vec![place(p, "Lead", Asked::Clock), place(p, "Customer", Asked::Silence)],
            answer: Answer::Ignored,
            text: text("nothing, on purpose\u{0}"),
            who: text("Änne"),
        },
        Edit::Decide {
            places: vec![place(p, "Paused", Asked::Event(event(p, "unused")))],
            answer: Answer::Question,
            text: text("?"),
            who: String::new(),
        },
    ],
    SetEventNote => [Edit::SetEventNote(event(p, "download"), text("any white paper"))],
    SetStartValue => [
        Edit::SetStartValue(attribute(p, "fit"), Value::Text(text("A"))),
        Edit::SetStartValue(attribute(p, "engagement"), Value::Number(5.0)),
    ],
    SetAttributeNote => [Edit::SetAttributeNote(attribute(p, "fit"), text("how well they fit"))],
    SetTouchpointNote => [Edit::SetTouchpointNote(touchpoint(p, "welcome"), text("in two languages"))],
    AddAttribute => [
        Edit::AddAttribute(text("segment"), AttributeKind::Choice(vec![text("smb"), text("public")])),
        Edit::AddAttribute(text("warmth"), AttributeKind::Score),
    ],
    RenameAttribute => [Edit::RenameAttribute(attribute(p, "engagement"), text("interest"))],
    SetAttributeKind => [
        Edit::SetAttributeKind(attribute(p, "fit"), AttributeKind::Text),
        Edit::SetAttributeKind(attribute(p, "engagement"), AttributeKind::Number),
    ],
    SetHalfLife => [
        Edit::SetHalfLife(attribute(p, "engagement"), "2 weeks".parse().ok()),
        Edit::SetHalfLife(attribute(p, "engagement"), None),
    ],
    AddTouchpoint => [Edit::AddTouchpoint(text("letter"), Channel::Letter)],
    RenameTouchpoint => [Edit::RenameTouchpoint(touchpoint(p, "welcome"), text("hello"))],
    SetChannel => [Edit::SetChannel(touchpoint(p, "welcome"), Channel::Push)],
    AddScoreRule => [Edit::AddScoreRule(ScoreRule { points: Formula::new("event.fit + 0.1"), change: ScoreChange::Set, ..rule(p) })],
    SetScoreRule => [
        Edit::SetScoreRule(ScoreRule { points: Formula::new("min(engagement, 1"), ..rule(p) }),
        Edit::SetScoreRule(ScoreRule {
            cap: Some(Cap { points: 0.1, within: "1 month".parse().ok() }),
            ..rule(p)
        }),
    ],
    AddContact => [Edit::AddContact(text("Bert"))],
    RenameContact => [Edit::RenameContact(contact(p).id, text("Änne"))],
    SetContact => [Edit::SetContact(Contact {
        zone: text("America/New_York"),
        attributes: [(attribute(p, "engagement"), Value::Number(5e-324))].into(),
        occurrences: vec![
            Occurrence { time: Time(i64::MAX), event: event(p, "unused"), fields: std::collections::BTreeMap::new() },
            Occurrence {
                time: Time(-1),
                event: event(p, "download"),
                fields: [(text("x"), Value::Time(Time(7))), (text("y"), Value::YesNo(true))].into(),
            },
        ],
        ..contact(p)
    })],
    AddSample => [Edit::AddSample(Contact { name: text("Jana"), ..contact(p) })],
    AddExpectation => [
        Edit::AddExpectation { contact: None, expectation: expectation(p) },
        Edit::AddExpectation {
            contact: Some(Contact { name: text("Jörg of the history"), ..contact(p) }),
            expectation: Expectation { story: Vec::new(), ..expectation(p) },
        },
    ],
    SetExpectation => [Edit::SetExpectation(Expectation {
        claims: vec![Claim::Converted { point: text("sale"), times: 3 }],
        story: vec![Told { time: Time(7), to: vec![node(p, "Trial")], words: text("bought: moved") }],
        ..expectation(p)
    })],
    AddBehaviour => [
        Edit::AddBehaviour(Behaviour { name: text("Again"), ..behaviour(p, "answers") }),
        Edit::AddBehaviour(Behaviour {
            name: text("Each month"),
            when: When::Every { period: Duration::days(30), within: None },
            outcomes: Vec::new(),
            ..behaviour(p, "sent")
        }),
    ],
    RenameBehaviour => [Edit::RenameBehaviour(behaviour(p, "rates").id, text("Große Raten 🛒"))],
    SetBehaviour => [
        Edit::SetBehaviour(Behaviour { when: When::Start, delay: None, team: None, ..behaviour(p, "answers") }),
        Edit::SetBehaviour(Behaviour { guard: Formula::new("in("), note: text("?\0"), ..behaviour(p, "sent") }),
    ],
    AddTeam => [Edit::AddTeam(text("Success"))],
    RenameTeam => [Edit::RenameTeam(team(p).id, text("Sales"))],
    SetTeam => [Edit::SetTeam(Team {
        hours: "Sat 22:00–01:00".parse().expect("hours"),
        people: Assumption { low: Some(0.5), high: Some(f64::MAX), ..Assumption::guessed(1.0 / 3.0) },
        note: text("Two desks."),
        ..team(p)
    })],
    AddGenerator => [Edit::AddGenerator(text("Newcomers"))],
    RenameGenerator => [Edit::RenameGenerator(generator(p).id, text("Guests"))],
    SetGenerator => [Edit::SetGenerator(Generator {
        contacts: u32::MAX,
        from: Time(-1),
        over: None,
        zones: vec![(text("Asia/Tokyo"), Assumption::guessed(-0.0))],
        attributes: vec![(attribute(p, "engagement"), Draw::Spread(Distribution::Normal {
            mean: Assumption::guessed(5e-324),
            deviation: Assumption::guessed(0.1),
        }))],
        ..generator(p)
    })],
    AddScenario => [Edit::AddScenario(text("Best case"))],
    RenameScenario => [Edit::RenameScenario(scenario(p).id, text("Worst case"))],
    SetScenario => [Edit::SetScenario(Scenario { seed: u64::MAX, until: None, ..scenario(p) })],
    ImportDataset => [Edit::ImportDataset { dataset: dataset().0, events: vec![text("download"), text("called")] }],
    Delete => [
        Edit::Delete(vec![node(p, "Lead").into()]),
        Edit::Delete(vec![node(p, "Customer").into(), event(p, "download").into(), contact(p).id.into()]),
        Edit::Delete(vec![attribute(p, "engagement").into(), touchpoint(p, "welcome").into()]),
        Edit::Delete(vec![attribute(p, "churn").into(), touchpoint(p, "reminder").into(), team(p).id.into()]),
        Edit::Delete(vec![expectation(p).id.into(), touchpoint(p, "welcome").into(), node(p, "Trial").into()]),
        Edit::Delete(p.decisions.keys().map(|id| (*id).into()).collect()),
        Edit::Delete(vec![generator(p).id.into(), node(p, "Trial").into(), behaviour(p, "rates").id.into()]),
    ],
}
