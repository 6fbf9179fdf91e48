//! The whole window, driven as a user would: by what things are called, by keys, by the pointer.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use egui::accesskit::{Action, Role};
use egui::{Key, Modifiers, Shape, vec2};
use egui_kittest::kittest::{By, NodeT as _, Queryable as _};
use egui_kittest::{Harness, Node};
use statecraft::document::Document;
use statecraft::gui::settings::Settings;
use statecraft::gui::workbench::Workbench;
use statecraft::gui::{App, Selection};
use statecraft::model::{EntityId, NodeId, Project, Transition, TransitionId, notation};
use statecraft::store::{Judgement, Keeping, Place};

/// Long enough for a busy machine; nothing waits that long unless it is broken.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct Screen {
    pub(crate) app: Option<App>,
    folder: PathBuf,
    keeping: Keeping,
    pub(crate) frames: u64,
}

impl Screen {
    fn ui(&mut self, ui: &mut egui::Ui) {
        if let Some(app) = &mut self.app {
            self.frames += 1;
            app.frame_ui(ui);
        } else {
            // The fonts are there from the second frame on.
            let app = App::with(ui.ctx(), Settings::in_memory(), self.folder.clone());
            self.app = Some(app.keeping(self.keeping.clone()));
        }
    }
}

pub(crate) struct Window {
    pub(crate) harness: Harness<'static, Screen>,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) called_off: bool,
    /// The text that was last copied.
    pub(crate) copied: String,
    /// What the window is called by the system.
    pub(crate) title: String,
}

impl Window {
    /// A program that was just started, with a folder of its own to keep projects in.
    pub(crate) fn new() -> Self {
        Self::with_keeping(|_| Keeping::default())
    }

    /// One that keeps locks and earlier versions in a folder of its own.
    pub(crate) fn keeping_beside() -> Self {
        Self::with_keeping(|folder| Keeping::in_folder(folder.join("state")))
    }

    /// One that takes every folder for one of another computer.
    pub(crate) fn keeping_in_working_copies() -> Self {
        Self::with_keeping(|folder| Keeping {
            judgement: Judgement::Always(Place::Network),
            quiet: Duration::from_millis(20),
            ..Keeping::in_folder(folder.join("state"))
        })
    }

    fn with_keeping(keeping: impl FnOnce(&Path) -> Keeping) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keeping = keeping(folder.path());
        let screen = Screen { app: None, folder: folder.path().join("projects"), keeping, frames: 0 };
        let builder = Harness::builder().with_size(vec2(1280.0, 800.0)).with_step_dt(1.0 / 60.0);
        let mut window = Self {
            harness: builder.build_ui_state(|ui, screen: &mut Screen| screen.ui(ui), screen),
            folder,
            called_off: false,
            copied: String::new(),
            title: String::new(),
        };
        window.rest();
        window
    }

    /// With a project open that is written in the notation of the samples.
    pub(crate) fn with(journey: &str) -> Self {
        Self::with_project(&notation::parse(journey).unwrap())
    }

    pub(crate) fn with_project(project: &Project) -> Self {
        let mut window = Self::new();
        let path = window.path("journey.statecraft");
        drop(Document::create(&path, project).unwrap());
        window.open(&path);
        window
    }

    /// Opens a project as a file that is dropped on the window.
    pub(crate) fn open(&mut self, path: &Path) {
        self.drop_file(path);
        self.rest();
        assert_eq!(self.workbench().document().path(), path.canonicalize().unwrap());
    }

    pub(crate) fn keeping(&self) -> Keeping {
        self.harness.state().keeping.clone()
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn projects(&self) -> PathBuf {
        self.folder.path().join("projects")
    }

    // Frames

    pub(crate) fn step(&mut self) {
        self.harness.step();
        for viewport in self.harness.output().viewport_output.values() {
            for command in &viewport.commands {
                if let egui::ViewportCommand::Title(title) = command {
                    self.title.clone_from(title);
                }
            }
        }
        for command in &self.harness.output().platform_output.commands {
            if let egui::OutputCommand::CopyText(text) = command {
                self.copied.clone_from(text);
            }
        }
        assert_eq!(clash(&self.harness), None, "two widgets share an id");
    }

    pub(crate) fn rest(&mut self) {
        for _ in 0..4 {
            self.step();
        }
    }

    /// Draws frames until it is so.
    #[track_caller]
    pub(crate) fn until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !holds(self) {
            assert!(Instant::now() < deadline, "{what}: not so after {PATIENCE:?}; on the screen: {}", self.screen());
            self.step();
            std::thread::sleep(Duration::from_millis(1));
        }
        self.rest();
    }

    /// How long the program would sleep now if nothing happened.
    pub(crate) fn sleeps_for(&self) -> Duration {
        self.harness.output().viewport_output.values().map(|viewport| viewport.repaint_delay).min().unwrap()
    }

    #[track_caller]
    pub(crate) fn comes_to_rest(&mut self) {
        self.until("nothing is repainted", |window| window.sleeps_for() > Duration::from_secs(1));
    }

    // What is there

    pub(crate) fn workbench(&self) -> &Workbench {
        self.harness.state().app.as_ref().unwrap().workbench().expect("a project is open")
    }

    pub(crate) fn on_start_screen(&self) -> bool {
        self.harness.state().app.as_ref().unwrap().workbench().is_none()
    }

    pub(crate) fn document(&self) -> &Document {
        self.workbench().document()
    }

    pub(crate) fn project(&self) -> &Project {
        self.document().project()
    }

    pub(crate) fn node(&self, name: &str) -> NodeId {
        self.project().node_by_name(name).unwrap_or_else(|| panic!("no state {name}")).id
    }

    pub(crate) fn arrow(&self, from: &str, to: &str) -> &Transition {
        let (from, to) = (self.node(from), self.node(to));
        let mut arrows = self.project().transitions.values();
        arrows.find(|arrow| arrow.source == from && arrow.target == Some(to)).expect("an arrow")
    }

    pub(crate) fn arrow_id(&self, from: &str, to: &str) -> TransitionId {
        self.arrow(from, to).id
    }

    pub(crate) fn selected(&self) -> Option<EntityId> {
        Selection::single(self.workbench().selection())
    }

    /// Every text on the screen, that of toasts and of the canvas too.
    pub(crate) fn painted(&self) -> Vec<String> {
        painted(&self.harness)
    }

    fn screen(&self) -> String {
        self.painted().join(" | ")
    }

    pub(crate) fn shows(&self, text: &str) -> bool {
        self.painted().iter().any(|painted| painted.replace('\n', " ").contains(text))
    }

    #[track_caller]
    pub(crate) fn sees(&self, text: &str) {
        assert!(self.shows(text), "{text:?} is not on the screen: {}", self.screen());
    }

    pub(crate) fn has(&self, label: &str) -> bool {
        self.harness.query_all_by_label(label).next().is_some()
    }

    // Doing, by names

    /// Presses what a screen reader calls `label`, as a screen reader does.
    #[track_caller]
    pub(crate) fn press(&mut self, label: &str) {
        let label = label.to_owned();
        let node = self.one(&label, {
            let label = label.clone();
            move |node| {
                node.data().supports_action(Action::Click)
                    && node.label().is_some_and(|text| text == label || after_icon(&text) == label)
            }
        });
        node.click_accesskit();
        self.rest();
    }

    /// Opens the menu with the pointer and takes an entry of it.
    #[track_caller]
    pub(crate) fn press_in_menu(&mut self, entry: &str) {
        self.click("Menu");
        let wanted = entry.to_owned();
        let node = self.one(entry, move |node| {
            let called = node.label().is_some_and(|text| text.contains(&wanted));
            called && node.data().supports_action(Action::Click)
        });
        node.click_accesskit();
        self.rest();
    }

    /// Presses what has a name that begins so.
    #[track_caller]
    pub(crate) fn press_that_begins(&mut self, start: &str) {
        let wanted = start.to_owned();
        let node = self.one(start, move |node| {
            let called = node.label().is_some_and(|text| text.starts_with(&wanted));
            called && node.data().supports_action(Action::Click)
        });
        node.click_accesskit();
        self.rest();
    }

    /// Presses the last of several of one name: the one that lies above.
    #[track_caller]
    pub(crate) fn press_last(&mut self, label: &str) {
        let wanted = label.to_owned();
        let found = self.harness.query_all_by(move |node| {
            node.data().supports_action(Action::Click) && node.label().is_some_and(|text| after_icon(&text) == wanted)
        });
        found.last().unwrap_or_else(|| panic!("there is no {label}: {}", self.screen())).click_accesskit();
        self.rest();
    }

    /// Presses an entry of the menu that is open, whatever its keys are.
    #[track_caller]
    pub(crate) fn entry(&mut self, words: &str) {
        let wanted = words.to_owned();
        let found = self.harness.query_all_by(move |node| {
            let begins = |text: String| text != after_icon(&text) && after_icon(&text).starts_with(&wanted);
            node.role() == Role::Button && node.label().is_some_and(begins)
        });
        found.last().unwrap_or_else(|| panic!("there is no {words}: {}", self.screen())).click_accesskit();
        self.rest();
    }

    /// Clicks with the pointer on what is called `label`.
    #[track_caller]
    pub(crate) fn click(&mut self, label: &str) {
        self.harness.get_all_by_label(label).next().unwrap().click();
        self.rest();
    }

    /// Points with the pointer at what is called `label`, and reads what that says.
    #[track_caller]
    pub(crate) fn points_at(&mut self, label: &str, says: &str) {
        self.harness.get_all_by_label(label).next().unwrap_or_else(|| panic!("there is no {label}")).hover();
        self.until(says, |window| window.shows(says));
    }

    /// Presses the row of the outline: the canvas knows some of them by the same name.
    #[track_caller]
    pub(crate) fn outline(&mut self, text: &str) {
        let text = text.to_owned();
        let found = text.clone();
        let node = self.one(&text, move |node| {
            let row = node.data().supports_action(Action::Click) && node.label().is_some_and(|label| label == found);
            row && matches!(node.role(), Role::Button)
        });
        node.click_accesskit();
        self.rest();
    }

    /// Opens the drop-down that shows `current` and takes `option`.
    #[track_caller]
    pub(crate) fn choose(&mut self, current: &str, option: &str) {
        self.press_combo(current);
        let wanted = option.to_owned();
        let nodes: Vec<_> = self
            .harness
            .query_all_by(move |node| {
                node.role() == Role::Button
                    && node.label().is_some_and(|text| text == wanted || after_icon(&text) == wanted)
            })
            .collect();
        // The list is drawn above everything, and so comes last.
        nodes.last().unwrap_or_else(|| panic!("no {option} to choose: {}", self.screen())).click_accesskit();
        self.rest();
    }

    /// Opens the drop-down that shows `current`.
    #[track_caller]
    pub(crate) fn press_combo(&mut self, current: &str) {
        let wanted = current.to_owned();
        self.one(current, move |node| {
            node.role() == Role::ComboBox
                && node.value().is_some_and(|value| value == wanted || after_icon(&value) == wanted)
        })
        .click_accesskit();
        self.rest();
    }

    #[track_caller]
    pub(crate) fn one(
        &self,
        what: &str,
        holds: impl Fn(&egui_kittest::kittest::AccessKitNode<'_>) -> bool + 'static,
    ) -> Node<'_> {
        let mut found = self.harness.query_all(By::new().predicate(move |node| holds(node)));
        let Some(node) = found.next() else { panic!("there is no {what}: {}", self.screen()) };
        node
    }

    /// Whether what is called `label`, or shows it, cannot be used.
    #[track_caller]
    pub(crate) fn is_disabled(&self, label: &str) -> bool {
        let wanted = label.to_owned();
        let node = self.one(label, move |node| {
            let called = |text: String| text == wanted || after_icon(&text) == wanted;
            node.role() != Role::Label && (node.label().is_some_and(called))
        });
        node.accesskit_node().is_disabled()
    }

    /// What the drop-down called `label` shows.
    #[track_caller]
    pub(crate) fn shown(&self, label: &str) -> String {
        let wanted = label.to_owned();
        let list = self
            .one(label, move |node| node.role() == Role::ComboBox && node.label().is_some_and(|text| text == wanted));
        list.accesskit_node().value().unwrap_or_default()
    }

    fn field(&self, label: &str) -> Node<'_> {
        let wanted = label.to_owned();
        self.one(label, move |node| {
            matches!(node.role(), Role::TextInput | Role::MultilineTextInput)
                && node.label().is_some_and(|text| text == wanted)
        })
    }

    #[track_caller]
    pub(crate) fn focus(&mut self, label: &str) {
        self.field(label).focus();
        self.rest();
    }

    /// Replaces what stands in a field, and leaves the cursor there.
    #[track_caller]
    pub(crate) fn write(&mut self, label: &str, text: &str) {
        self.focus(label);
        self.key_with(Key::A, Modifiers::COMMAND);
        if text.is_empty() {
            self.key(Key::Backspace);
        } else {
            self.typed(text);
        }
    }

    /// Replaces what stands in a field, and finishes it.
    #[track_caller]
    pub(crate) fn fill(&mut self, label: &str, text: &str) {
        self.write(label, text);
        self.key(Key::Enter);
    }

    pub(crate) fn value(&self, label: &str) -> String {
        self.field(label).accesskit_node().value().unwrap_or_default()
    }

    pub(crate) fn is_focused(&self, label: &str) -> bool {
        self.field(label).is_focused()
    }

    /// Walks with Tab to what is called `label`.
    #[track_caller]
    pub(crate) fn tab_to(&mut self, label: &str) {
        for _ in 0..150 {
            #[expect(
                clippy::redundant_closure_for_method_calls,
                reason = "the method itself has too narrow a lifetime"
            )]
            let focused = self.harness.query_all_by(|node| node.is_focused()).last();
            let called = |node: Node<'_>| {
                let node = node.accesskit_node();
                let mut texts = node.label().into_iter().chain(node.value());
                texts.any(|text| text == label || after_icon(&text) == label)
            };
            if focused.is_some_and(called) {
                return;
            }
            self.key(Key::Tab);
        }
        panic!("Tab does not lead to {label}: {}", self.screen());
    }

    /// What the rows of the outline say.
    pub(crate) fn outline_rows(&self) -> Vec<String> {
        let rows = self.harness.query_all_by(|node| {
            let left = node.bounding_box().is_some_and(|bounds| bounds.x1 < 260.0 && bounds.x1 - bounds.x0 > 200.0);
            left && node.role() == Role::Button
        });
        rows.filter_map(|node| node.accesskit_node().label()).collect()
    }

    /// What can be pressed, chosen or filled, and says to a screen reader neither what it is called nor what it shows.
    pub(crate) fn nameless(&self) -> Vec<String> {
        let roles =
            [Role::Button, Role::CheckBox, Role::ComboBox, Role::TextInput, Role::MultilineTextInput, Role::Slider];
        let found = self.harness.query_all_by(move |node| {
            let says = |text: Option<String>| text.is_some_and(|text| text.chars().any(char::is_alphanumeric));
            roles.contains(&node.role()) && !says(node.label()) && !says(node.value())
        });
        found.map(|node| format!("{:?} at {:?}", node.accesskit_node().role(), node.rect())).collect()
    }

    // Files

    pub(crate) fn wait_until_saved(&mut self) {
        self.until("it is saved", |window| window.workbench().saved_text().starts_with("Saved"));
    }

    /// What the file holds, when it is opened anew.
    pub(crate) fn kept(&mut self) -> Project {
        self.wait_until_saved();
        Document::open(self.document().path()).unwrap().project().clone()
    }
}

/// Buttons have an icon and two blanks before their words.
fn after_icon(text: &str) -> &str {
    text.split_once("  ").map_or(text, |(_, words)| words)
}

/// What egui paints over two widgets of one id.
pub(crate) fn clash<State>(harness: &Harness<'_, State>) -> Option<String> {
    painted(harness).into_iter().find(|text| text.contains("use of widget") || text.contains("changed id"))
}

fn painted<State>(harness: &Harness<'_, State>) -> Vec<String> {
    fn collect(shape: &Shape, texts: &mut Vec<String>) {
        match shape {
            Shape::Text(text) => texts.push(text.galley.text().to_owned()),
            Shape::Vec(shapes) => shapes.iter().for_each(|shape| collect(shape, texts)),
            _ => {}
        }
    }
    let mut texts = Vec::new();
    for clipped in &harness.output().shapes {
        collect(&clipped.shape, &mut texts);
    }
    texts
}
