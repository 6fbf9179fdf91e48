//! Pictures of journeys: everything is in them, nothing lies on anything, and each is a sound file of its kind.

#![cfg(feature = "gui")]

use std::collections::BTreeSet;

use roxmltree::{Document, Node};
use statecraft::gui::picture::{Format, Picture, PictureError};
use statecraft::gui::{Look, Theme};
use statecraft::model::sample::SAMPLES;
use statecraft::model::{Project, notation};

const NAMES: &str = "journey <Ünïcode & \"more\">\nstart Покупатель\nstate Покупатель at 0, 0\nstate 潜在客户 at 0, 200\n\
    state 見込み客 at 300, 0\nstate 잠재고객 at 300, 200\nend 🛒 gone at 600, 0\nПокупатель --go--> 潜在客户\n\
    潜在客户 --go--> 見込み客\n見込み客 --go--> 잠재고객\n잠재고객 --go--> 🛒 gone";

fn picture(project: &Project) -> Picture {
    Picture::of(project, &Theme::of(Look::Light), None).expect("a picture")
}

#[derive(Clone, Copy, Debug)]
struct Place {
    left: f32,
    top: f32,
    right: f32,
    bottom: f32,
}

impl Place {
    fn of(rect: Node) -> Option<Self> {
        let value = |name| rect.attribute(name)?.parse::<f32>().ok();
        let (left, top) = (value("x")?, value("y")?);
        Some(Self { left, top, right: left + value("width")?, bottom: top + value("height")? })
    }

    fn of_circle(circle: Node) -> Option<Self> {
        let value = |name| circle.attribute(name)?.parse::<f32>().ok();
        let (x, y, radius) = (value("cx")?, value("cy")?, value("r")?);
        Some(Self { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius })
    }

    fn overlaps(self, other: Self) -> bool {
        self.left.max(other.left) + 0.5 < self.right.min(other.right)
            && self.top.max(other.top) + 0.5 < self.bottom.min(other.bottom)
    }
}

fn group<'a>(document: &'a Document, id: &str) -> Node<'a, 'a> {
    let found = document.descendants().find(|node| node.attribute("id") == Some(id));
    found.unwrap_or_else(|| panic!("no {id}"))
}

fn title<'a>(group: Node<'a, 'a>) -> &'a str {
    group.children().find(|child| child.has_tag_name("title")).and_then(|title| title.text()).expect("a title")
}

/// All that can be searched in it, without gaps.
fn words(group: Node) -> String {
    let texts = group.descendants().filter(|node| node.has_tag_name("text")).filter_map(|node| node.text());
    texts.flat_map(str::chars).filter(|letter| !letter.is_whitespace()).collect()
}

#[test]
fn every_state_and_every_arrow_of_the_samples_is_in_the_picture_and_lies_on_nothing() {
    for sample in SAMPLES {
        let project = sample.project();
        let svg = picture(&project).svg();
        let document = Document::parse(&svg).expect("well-formed");
        let mut cards = Vec::new();
        let mut labels = Vec::new();
        for node in project.nodes.values() {
            let drawn = group(&document, &format!("node-{}", node.id.0));
            assert_eq!(title(drawn), project.node_label(node.id));
            let name: String = node.name.chars().filter(|letter| !letter.is_whitespace()).collect();
            assert!(words(drawn).contains(&name), "{}: {name} is not in {:?}", sample.key, words(drawn));
            if project.nodes.values().all(|other| other.parent != Some(node.id)) {
                let mut rects = drawn.children().filter(|child| child.has_tag_name("rect")).filter_map(Place::of);
                let card = rects.find(|place| (place.right - place.left - 192.0).abs() < 0.1);
                // Ends are signs.
                let ring = || drawn.children().find(|child| child.has_tag_name("circle")).and_then(Place::of_circle);
                cards.push((node.name.clone(), card.or_else(ring).expect("a card or a sign")));
            }
        }
        for arrow in project.transitions.values() {
            let line = group(&document, &format!("arrow-{}", arrow.id.0));
            let label = group(&document, &format!("label-{}", arrow.id.0));
            assert!(title(line).starts_with(&project.describe(arrow.id.into())), "{}", title(line));
            assert!(line.children().any(|child| child.has_tag_name("path")));
            assert!(!words(label).is_empty(), "{}: {} says nothing", sample.key, title(label));
            let chip = label.children().filter(|child| child.has_tag_name("rect")).find_map(Place::of);
            labels.push((title(label).to_owned(), chip.expect("a chip")));
        }
        for (index, (one, place)) in cards.iter().enumerate() {
            for (other, there) in &cards[index + 1..] {
                assert!(!place.overlaps(*there), "{}: {one} lies on {other}", sample.key);
            }
            for (label, there) in &labels {
                assert!(!place.overlaps(*there), "{}: {label} lies on {one}", sample.key);
            }
        }
    }
}

#[test]
fn a_png_has_the_size_that_was_asked_for_and_shows_something() {
    let text = "start A\nstate A at 0, 0 stage grow\nend B at 240, 0\nA --b--> B";
    let picture = picture(&notation::parse(text).unwrap());
    for scale in [1.0, 2.0, 4.0] {
        let bytes = picture.bytes(Format::Png, scale).expect("a PNG");
        let pixmap = resvg::tiny_skia::Pixmap::decode_png(&bytes).expect("a PNG that can be read");
        let wanted = (picture.size() * scale).ceil();
        #[expect(clippy::cast_precision_loss, reason = "a few thousand pixels")]
        let size = (pixmap.width() as f32, pixmap.height() as f32);
        assert_eq!(size, (wanted.x, wanted.y));
        let colours: BTreeSet<_> =
            pixmap.pixels().iter().map(|pixel| (pixel.red(), pixel.green(), pixel.blue())).collect();
        assert!(colours.len() > 30, "{} colours at {scale}", colours.len());
    }
}

#[test]
fn light_and_dark_differ() {
    let project = SAMPLES[0].project();
    let [light, dark] =
        [Look::Light, Look::Dark].map(Theme::of).map(|theme| Picture::of(&project, &theme, None).unwrap().svg());
    assert_ne!(light, dark);
}

#[test]
fn a_pdf_holds_its_fonts_and_says_which_letters_they_are() {
    let project = notation::parse(NAMES).unwrap();
    let bytes = picture(&project).bytes(Format::Pdf, 1.0).expect("a PDF");
    assert!(bytes.starts_with(b"%PDF-"));
    let has = |word: &[u8]| bytes.windows(word.len()).filter(|window| *window == word).count();
    assert!(has(b"/FontFile") >= 3, "text, emoji and East Asia: {} fonts", has(b"/FontFile"));
    assert!(has(b"/ToUnicode") >= 3);
    assert!(bytes.len() < 400_000, "only the letters that are used: {} bytes", bytes.len());
}

#[test]
fn names_in_any_writing_are_drawn_and_can_be_searched() {
    let project = notation::parse(NAMES).unwrap();
    let svg = picture(&project).svg();
    let document = Document::parse(&svg).expect("well-formed");
    assert_eq!(title(document.root_element()), "<Ünïcode & \"more\">");
    for node in project.nodes.values() {
        let drawn = group(&document, &format!("node-{}", node.id.0));
        let name: String = node.name.chars().filter(|letter| !letter.is_whitespace()).collect();
        assert!(words(drawn).contains(&name), "{name} is not in {:?}", words(drawn));
        assert!(drawn.children().any(|child| child.attribute("d").is_some_and(|path| path.len() > 200)), "{name}");
    }
}

#[test]
fn a_selection_is_drawn_with_what_it_holds_and_the_arrows_between() {
    let text =
        "start A\ngroup G\nstate A in G at 0, 0\nstate B in G at 300, 0\nstate C at 700, 0\nA --b--> B\nB --c--> C";
    let project = notation::parse(text).unwrap();
    let group = BTreeSet::from([project.node_by_name("G").unwrap().id]);
    let picture = Picture::of(&project, &Theme::of(Look::Light), Some(&group)).unwrap();
    assert_eq!(picture.counts(), (3, 1));
    let nothing = Picture::of(&Project::named("x"), &Theme::of(Look::Light), None);
    assert_eq!(nothing.err(), Some(PictureError::Empty));
}

#[test]
fn a_picture_that_no_memory_holds_is_refused() {
    let text = "start A\nstate A at 0, 0\nstate B at 30000, 20000\nA --b--> B\nB --a--> A";
    let picture = picture(&notation::parse(text).unwrap());
    assert!(matches!(picture.bytes(Format::Png, 4.0), Err(PictureError::TooLarge { .. })));
    assert!(picture.bytes(Format::Pdf, 1.0).is_ok());
}
