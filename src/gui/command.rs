//! One list of everything that can be done from menu, toolbar or keyboard: name, tooltip, shortcut.

use egui::{Key, KeyboardShortcut, Modifiers};
use egui_phosphor::regular as icon;

/// What a menu entry, a button or a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    NewJourney,
    Open,
    SaveCopy,
    Import,
    CloseProject,
    Undo,
    Redo,
    Rename,
    Delete,
    SelectAll,
    NewState,
    Group,
    Ungroup,
    ZoomToFit,
    ZoomTo100,
    Design,
    Simulate,
    Results,
    Run,
    PlayOrPause,
    StepForward,
    StepBack,
    ToStart,
    ToEnd,
    Slower,
    Faster,
    NextProblem,
    Present,
    ToggleTheme,
    Larger,
    Smaller,
    Shortcuts,
}

impl Command {
    pub const ALL: [Self; 32] = [
        Self::NewJourney,
        Self::Open,
        Self::SaveCopy,
        Self::Import,
        Self::CloseProject,
        Self::Undo,
        Self::Redo,
        Self::Rename,
        Self::Delete,
        Self::SelectAll,
        Self::NewState,
        Self::Group,
        Self::Ungroup,
        Self::ZoomToFit,
        Self::ZoomTo100,
        Self::Design,
        Self::Simulate,
        Self::Results,
        Self::Run,
        Self::PlayOrPause,
        Self::StepForward,
        Self::StepBack,
        Self::ToStart,
        Self::ToEnd,
        Self::Slower,
        Self::Faster,
        Self::NextProblem,
        Self::Present,
        Self::ToggleTheme,
        Self::Larger,
        Self::Smaller,
        Self::Shortcuts,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::NewJourney => "New journey",
            Self::Open => "Open…",
            Self::SaveCopy => "Save a copy…",
            Self::Import => "Import events…",
            Self::CloseProject => "Close project",
            Self::Undo => "Undo",
            Self::Redo => "Redo",
            Self::Rename => "Rename",
            Self::Delete => "Delete",
            Self::SelectAll => "Select all",
            Self::NewState => "New state",
            Self::Group => "Group",
            Self::Ungroup => "Ungroup",
            Self::ZoomToFit => "Zoom to fit",
            Self::ZoomTo100 => "Zoom to 100 %",
            Self::Design => "Design",
            Self::Simulate => "Simulate",
            Self::Results => "Results",
            Self::Run => "Run",
            Self::PlayOrPause => "Play or pause",
            Self::StepForward => "Step",
            Self::StepBack => "Step back",
            Self::ToStart => "To the start",
            Self::ToEnd => "To the end",
            Self::Slower => "Slower",
            Self::Faster => "Faster",
            Self::NextProblem => "Next problem",
            Self::Present => "Present",
            Self::ToggleTheme => "Light, dark or high contrast",
            Self::Larger => "Larger type",
            Self::Smaller => "Smaller type",
            Self::Shortcuts => "Keyboard shortcuts",
        }
    }

    pub fn tooltip(self) -> &'static str {
        match self {
            Self::NewJourney => "An empty journey in a file of its own",
            Self::Open => "Open a project file",
            Self::SaveCopy => "Write this project to another file; this one stays open",
            Self::Import => "Read recorded events from a CSV or text file",
            Self::CloseProject => "Back to the start screen; everything is saved already",
            Self::Undo => "Take the last step back",
            Self::Redo => "Do again what was taken back",
            Self::Rename => "Give what is selected another name",
            Self::Delete => "Delete what is selected",
            Self::SelectAll => "Select every state and every arrow",
            Self::NewState => "Add a state in the middle of the canvas",
            Self::Group => "Put the selected states into a super-state",
            Self::Ungroup => "Take the selected super-state apart",
            Self::ZoomToFit => "Show the whole journey",
            Self::ZoomTo100 => "Show the canvas in its own size",
            Self::Design => "What should happen?",
            Self::Simulate => "What would happen, to whom, and why?",
            Self::Results => "How much, and how sure?",
            Self::Run => "Run everybody through the journey",
            Self::PlayOrPause => "Let time pass, or stop it",
            Self::StepForward => "The next move of anybody, or the next line of the followed contact",
            Self::StepBack => "The move before, or the line before of the followed contact",
            Self::ToStart => "Before anybody has begun",
            Self::ToEnd => "The last instant of the run",
            Self::Slower => "Let less time pass in a second",
            Self::Faster => "Let more time pass in a second",
            Self::NextProblem => "Select the next thing that needs a look",
            Self::Present => "Show only the journey, in large type and without names of contacts; Esc ends it",
            Self::ToggleTheme => "Take the next look: light, dark, high contrast",
            Self::Larger => "Make everything in the window larger, for a projector",
            Self::Smaller => "Make everything in the window smaller",
            Self::Shortcuts => "Show what the keys do",
        }
    }

    pub fn icon(self) -> &'static str {
        match self {
            Self::NewJourney => icon::FILE_PLUS,
            Self::Open => icon::FOLDER_OPEN,
            Self::SaveCopy => icon::COPY,
            Self::Import => icon::DOWNLOAD_SIMPLE,
            Self::CloseProject => icon::HOUSE,
            Self::Undo => icon::ARROW_COUNTER_CLOCKWISE,
            Self::Redo => icon::ARROW_CLOCKWISE,
            Self::Rename => icon::PENCIL_SIMPLE,
            Self::Delete => icon::TRASH,
            Self::SelectAll => icon::SELECTION_ALL,
            Self::NewState => icon::PLUS,
            Self::Group => icon::BOUNDING_BOX,
            Self::Ungroup => icon::SQUARE_SPLIT_HORIZONTAL,
            Self::ZoomToFit => icon::ARROWS_OUT,
            Self::ZoomTo100 => icon::MAGNIFYING_GLASS,
            Self::Design => icon::FLOW_ARROW,
            Self::Simulate | Self::Run | Self::PlayOrPause => icon::PLAY,
            Self::Results => icon::CHART_BAR_HORIZONTAL,
            Self::StepForward => icon::CARET_RIGHT,
            Self::StepBack => icon::CARET_LEFT,
            Self::ToStart => icon::SKIP_BACK,
            Self::ToEnd => icon::SKIP_FORWARD,
            Self::Slower => icon::REWIND,
            Self::Faster => icon::FAST_FORWARD,
            Self::NextProblem => icon::WARNING,
            Self::Present => icon::PRESENTATION,
            Self::ToggleTheme => icon::CIRCLE_HALF,
            Self::Larger => icon::TEXT_AA,
            Self::Smaller => icon::TEXT_A_UNDERLINE,
            Self::Shortcuts => icon::KEYBOARD,
        }
    }

    /// The keys, the first of which is shown.
    pub fn shortcuts(self) -> &'static [KeyboardShortcut] {
        const fn plain(key: Key) -> KeyboardShortcut {
            KeyboardShortcut::new(Modifiers::NONE, key)
        }
        const fn ctrl(key: Key) -> KeyboardShortcut {
            KeyboardShortcut::new(Modifiers::COMMAND, key)
        }
        const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);
        match self {
            Self::NewJourney => &const { [ctrl(Key::N)] },
            Self::Open => &const { [ctrl(Key::O)] },
            Self::SaveCopy => &const { [KeyboardShortcut::new(CTRL_SHIFT, Key::S)] },
            Self::Import => &const { [ctrl(Key::I)] },
            Self::CloseProject => &const { [ctrl(Key::W)] },
            Self::Undo => &const { [ctrl(Key::Z)] },
            Self::Redo => &const { [ctrl(Key::Y), KeyboardShortcut::new(CTRL_SHIFT, Key::Z)] },
            Self::Rename => &const { [plain(Key::F2)] },
            Self::Delete => &const { [plain(Key::Delete), plain(Key::Backspace)] },
            Self::SelectAll => &const { [ctrl(Key::A)] },
            Self::NewState => &const { [plain(Key::Insert)] },
            Self::Group => &const { [ctrl(Key::G)] },
            Self::Ungroup => &const { [KeyboardShortcut::new(CTRL_SHIFT, Key::G)] },
            Self::ZoomToFit => &const { [KeyboardShortcut::new(Modifiers::SHIFT, Key::Num1)] },
            Self::ZoomTo100 => &const { [ctrl(Key::Num0)] },
            Self::Design => &const { [ctrl(Key::Num1)] },
            Self::Simulate => &const { [ctrl(Key::Num2)] },
            Self::Results => &const { [ctrl(Key::Num3)] },
            Self::Run => &const { [plain(Key::F5)] },
            Self::PlayOrPause => &const { [plain(Key::Space), plain(Key::F6)] },
            Self::StepForward => &const { [plain(Key::F7)] },
            Self::StepBack => &const { [KeyboardShortcut::new(Modifiers::SHIFT, Key::F7)] },
            Self::ToStart => &const { [plain(Key::Home)] },
            Self::ToEnd => &const { [plain(Key::End)] },
            Self::Slower => &const { [plain(Key::Comma)] },
            Self::Faster => &const { [plain(Key::Period)] },
            Self::NextProblem => &const { [plain(Key::F8)] },
            Self::Present => &const { [plain(Key::F11)] },
            Self::ToggleTheme => &const { [KeyboardShortcut::new(CTRL_SHIFT, Key::L)] },
            Self::Larger => &const { [ctrl(Key::Plus), ctrl(Key::Equals)] },
            Self::Smaller => &const { [ctrl(Key::Minus)] },
            Self::Shortcuts => &const { [plain(Key::F1)] },
        }
    }

    /// The first shortcut as the keyboard labels it.
    pub fn shortcut_text(self, ctx: &egui::Context) -> String {
        self.shortcuts().first().map(|shortcut| ctx.format_shortcut(shortcut)).unwrap_or_default()
    }

    /// Whether it only changes what is looked at. Nothing else is done while everybody is watching.
    pub fn is_for_the_wall(self) -> bool {
        self.is_of_the_stage()
            || matches!(
                self,
                Self::ZoomToFit
                    | Self::ZoomTo100
                    | Self::Design
                    | Self::Simulate
                    | Self::Results
                    | Self::Run
                    | Self::Present
                    | Self::ToggleTheme
                    | Self::Larger
                    | Self::Smaller
                    | Self::Shortcuts
                    | Self::CloseProject
            )
    }

    /// Whether it is about the clock of the stage. Its keys mean something else where there is none.
    fn is_of_the_stage(self) -> bool {
        matches!(
            self,
            Self::PlayOrPause
                | Self::StepForward
                | Self::StepBack
                | Self::ToStart
                | Self::ToEnd
                | Self::Slower
                | Self::Faster
        )
    }

    /// The commands whose keys were pressed. They rest while a text is being typed or a list is open; those of the stage
    /// everywhere else than there. What has the focus keeps Space for itself.
    pub fn pressed(ctx: &egui::Context, on_stage: bool) -> Vec<Self> {
        if ctx.text_edit_focused() || egui::Popup::is_any_open(ctx) {
            return Vec::new();
        }
        let focused = ctx.memory(|memory| memory.focused().is_some());
        // Longest first: Ctrl+Shift+Z must not be taken for Ctrl+Z.
        let mut all: Vec<(Self, KeyboardShortcut)> = Self::ALL
            .into_iter()
            .filter(|command| on_stage || !command.is_of_the_stage())
            .flat_map(|command| command.shortcuts().iter().map(move |keys| (command, *keys)))
            .filter(|(_, keys)| keys.logical_key != Key::Space || !focused)
            .collect();
        all.sort_by_key(|(_, keys)| {
            std::cmp::Reverse(u8::from(keys.modifiers.shift) + u8::from(keys.modifiers.command))
        });
        ctx.input_mut(|input| {
            all.into_iter().filter(|(_, keys)| input.consume_shortcut(keys)).map(|(command, _)| command).collect()
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_commands_share_a_key_or_a_name() {
        let mut keys = std::collections::HashMap::new();
        let mut names = std::collections::HashSet::new();
        for command in Command::ALL {
            for shortcut in command.shortcuts() {
                if let Some(other) = keys.insert(*shortcut, command) {
                    panic!("{command:?} and {other:?} share {shortcut:?}");
                }
            }
            assert!(names.insert(command.name()), "{command:?}");
            assert!(!command.tooltip().is_empty());
        }
    }
}
