//! Formulas of every shape: what is printed reads back as the same tree, and no text makes the reader fail.

use proptest::prelude::*;
use statecraft::model::formula::{Comparison, Expr, Extreme, Formula, Name, NameKind, Operator};
use statecraft::model::{Duration, Unit};

const OPERATORS: [Operator; 5] =
    [Operator::Add, Operator::Subtract, Operator::Multiply, Operator::Divide, Operator::Remainder];

/// Names as people give them, among them all that a formula could mistake for something else.
fn name() -> impl Strategy<Value = Name> {
    let awkward = [
        "and",
        "or",
        "Not",
        "in",
        "is",
        "yes",
        "NO",
        "true",
        "true story",
        "False alarm",
        "time_here",
        "time_here too",
        "unknown",
        "unknown person",
        "size unknown",
        "count",
        "count_here",
        "since",
        "last",
        "chance",
        "min",
        "max",
        "quotient",
        "remainder",
        "event",
        "event.amount",
        "touchpoint",
        "days",
        "day off",
        "h",
        "5 days",
        "2nd visit",
        "step 2",
        "step 007",
        "step 1.50",
        "e-mail opened",
        "C++",
        "amount [EUR]",
        "]",
        "[[",
        "say \"hi\"",
        "it's",
        "Group/Lead",
        "a  b",
        "größe",
        "名前",
        "10 %",
        "(new)",
        "a, b",
        "x = 1",
        "opted in",
        "in stock",
        "1e5",
        ".",
        "≥",
        "",
    ];
    let words = proptest::collection::vec("[a-zA-Zäß_][a-z0-9_']{0,6}", 1..4).prop_map(|words| words.join(" "));
    let anything = ".{1,12}".prop_map(|text: String| text.trim().to_owned());
    prop_oneof![2 => proptest::sample::select(awkward.to_vec()).prop_map(str::to_owned), 2 => words, 1 => anything]
        .prop_map(Name::new)
}

fn duration() -> impl Strategy<Value = Duration> {
    (0_u32..5000, proptest::sample::select(&Unit::ALL[..])).prop_map(|(amount, unit)| Duration::new(amount, unit))
}

fn leaf() -> impl Strategy<Value = Expr> {
    prop_oneof![
        any::<f64>().prop_filter("formulas hold finite numbers", |number| number.is_finite()).prop_map(Expr::Number),
        (-1000_i32..1000).prop_map(|number| Expr::Number(f64::from(number) / 4.0)),
        prop_oneof![".{0,12}", "[a-z\"]{0,6}"].prop_map(Expr::Text),
        any::<bool>().prop_map(Expr::YesNo),
        duration().prop_map(Expr::Duration),
        name().prop_map(Expr::Name),
        name().prop_map(Expr::Field),
        (name(), proptest::option::of(duration())).prop_map(|(name, window)| Expr::Count(name, window)),
        name().prop_map(Expr::CountHere),
        name().prop_map(Expr::Since),
        Just(Expr::TimeHere),
        Just(Expr::LastTouchpoint),
        name().prop_map(Expr::In),
        (0_u32..=10_000).prop_map(|percents| Expr::Chance(f64::from(percents) / 100.0 / 100.0)),
    ]
}

fn expr() -> impl Strategy<Value = Expr> {
    leaf().prop_recursive(6, 48, 4, |inner| {
        let boxed = || inner.clone().prop_map(Box::new);
        let several = || proptest::collection::vec(inner.clone(), 2..4);
        let some = || proptest::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            boxed().prop_map(Expr::Not),
            several().prop_map(Expr::And),
            several().prop_map(Expr::Or),
            (proptest::sample::select(&Comparison::ALL[..]), boxed(), boxed())
                .prop_map(|(comparison, left, right)| Expr::Compare(comparison, left, right)),
            (boxed(), any::<bool>()).prop_map(|(inner, negated)| Expr::IsUnknown(inner, negated)),
            (boxed(), some()).prop_map(|(inner, options)| Expr::OneOf(inner, options)),
            (proptest::sample::select(&OPERATORS[..]), boxed(), boxed())
                .prop_map(|(operator, left, right)| Expr::Arithmetic(operator, left, right)),
            boxed().prop_map(Expr::Negative),
            (proptest::sample::select(&[Extreme::Least, Extreme::Greatest][..]), some())
                .prop_map(|(extreme, parts)| Expr::Extreme(extreme, parts)),
        ]
    })
}

fn read(text: &str) -> Expr {
    match Formula::new(text).parse() {
        Ok(Some(expr)) => expr,
        other => panic!("{text}: {other:?}"),
    }
}

/// Pieces of formulas in any order: nearer to real typing than random letters.
fn fragments() -> impl Strategy<Value = String> {
    let pieces = [
        "count(",
        "count_here(",
        "since(",
        "in(",
        "last(touchpoint)",
        "chance(",
        "quotient(",
        "remainder(",
        "30%",
        ")",
        "(",
        ",",
        "and",
        "or",
        "not",
        "is",
        "unknown",
        "in",
        "yes",
        "event.",
        "buy",
        "[a",
        "]",
        "\"",
        "5",
        "1e",
        "1e999",
        "60 days",
        "-",
        "−",
        "+",
        "*",
        "×",
        ">=",
        "≥",
        "!",
        "!=",
        "=",
        ".",
        "%",
        "é",
        "🛒",
        "\u{a0}",
        "\n",
        "'",
    ];
    proptest::collection::vec(proptest::sample::select(pieces.to_vec()), 0..16)
        .prop_flat_map(|pieces| prop_oneof![Just(pieces.join(" ")), Just(pieces.concat())])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn every_tree_reads_back_from_its_own_text(expr in expr()) {
        let text = expr.to_string();
        prop_assert_eq!(read(&text), expr, "{}", text);
    }

    #[test]
    fn what_is_printed_twice_is_printed_alike(expr in expr()) {
        let text = expr.to_string();
        prop_assert_eq!(read(&text).to_string(), text);
    }

    #[test]
    fn no_text_makes_the_reader_panic_and_every_error_points_into_the_text(text in prop_oneof![".{0,40}", fragments()]) {
        if let Err(error) = Formula::new(text.clone()).parse() {
            prop_assert!(error.position <= text.chars().count(), "{} points beyond {:?}", error, text);
            // It says what was expected there, or what to do about it.
            let says = ["expected", "join two with", "nested more than", "no closing", "stands in [brackets]"];
            prop_assert!(says.iter().any(|part| error.message.contains(part)), "{}: {}", text, error);
        }
    }

    #[test]
    fn renaming_an_event_renames_it_everywhere_and_nothing_else(old in name(), new in name(), expr in expr()) {
        prop_assume!(!old.text.eq_ignore_ascii_case(&new.text));
        let both = Expr::And(vec![Expr::Compare(
            Comparison::AtLeast,
            Box::new(Expr::Count(old.clone(), None)),
            Box::new(Expr::Number(3.0)),
        ), expr]);
        let renamed = Formula::from(&both).renamed(NameKind::Event, &old.text, &new.text).expect("it is mentioned");
        prop_assert!(renamed.parse().is_ok(), "{}", renamed);
        prop_assert!(!renamed.mentions(NameKind::Event, &old.text), "{}", renamed);
        prop_assert!(renamed.mentions(NameKind::Event, &new.text), "{}", renamed);
        let back = renamed.renamed(NameKind::Event, &new.text, &old.text).expect("it is mentioned");
        prop_assert!(back.mentions(NameKind::Event, &old.text), "{}", back);
    }
}

#[test]
fn names_and_texts_that_look_like_something_else_keep_their_meaning() {
    for (expr, printed) in [
        (Expr::Name(Name::new("true story")), "[true story]"),
        (Expr::Field(Name::new("amount [EUR]")), "event.[amount [EUR]]]"),
        (Expr::Text(String::from("say \"hi\"")), "\"say \"\"hi\"\"\""),
        (Expr::Text(String::new()), "\"\""),
        (Expr::Negative(Box::new(Expr::Number(5.0))), "-(5)"),
        (Expr::Number(-5.0), "-5"),
        (Expr::Count(Name::new("e-mail opened"), None), "count([e-mail opened])"),
    ] {
        assert_eq!(expr.to_string(), printed);
        assert_eq!(read(printed), expr, "{printed}");
    }
    assert_eq!(read("count(step 007)"), Expr::Count(Name::new("step 007"), None), "digits stay as typed");
    assert_eq!(read("--5"), Expr::Negative(Box::new(Expr::Number(-5.0))));
}

#[test]
fn a_name_with_other_signs_is_refused_with_the_way_to_write_it() {
    let error = Formula::new("count(e-mail opened) > 1").parse().unwrap_err();
    assert_eq!(error.position, 7);
    assert!(error.message.contains("stands in [brackets]"), "{error}");
}
