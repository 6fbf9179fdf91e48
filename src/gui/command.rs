//! One list of everything that can be done from menu, toolbar or keyboard: name, tooltip, shortcut.

use egui::{Key, KeyboardShortcut, Modifiers};
use egui_phosphor::regular as icon;

/// What a menu entry, a button or a key asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Command {
    NewJourney,
    Open,
    SaveCopy,
    SaveElsewhere,
    ShareWithoutContacts,
    EarlierVersions,
    Import,
    ExportPicture,
    CloseProject,
    Undo,
    Redo,
    Rename,
    Delete,
    Cut,
    Copy,
    Paste,
    Duplicate,
    SelectAll,
    NewState,
    Group,
    Ungroup,
    Collapse,
    Straighten,
    AlignLeft,
    AlignCenter,
    AlignRight,
    AlignTop,
    AlignMiddle,
    AlignBottom,
    DistributeHorizontally,
    DistributeVertically,
    Tidy,
    ZoomToFit,
    ZoomTo100,
    ZoomToSelection,
    Minimap,
    Find,
    FindNext,
    FindPrevious,
    Palette,
    Design,
    Matrix,
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
    /// What puts several states in order.
    pub const ARRANGING: [Self; 8] = [
        Self::AlignLeft,
        Self::AlignCenter,
        Self::AlignRight,
        Self::AlignTop,
        Self::AlignMiddle,
        Self::AlignBottom,
        Self::DistributeHorizontally,
        Self::DistributeVertically,
    ];

    pub const ALL: [Self; 58] = [
        Self::NewJourney,
        Self::Open,
        Self::SaveCopy,
        Self::SaveElsewhere,
        Self::ShareWithoutContacts,
        Self::EarlierVersions,
        Self::Import,
        Self::ExportPicture,
        Self::CloseProject,
        Self::Undo,
        Self::Redo,
        Self::Rename,
        Self::Delete,
        Self::Cut,
        Self::Copy,
        Self::Paste,
        Self::Duplicate,
        Self::SelectAll,
        Self::NewState,
        Self::Group,
        Self::Ungroup,
        Self::Collapse,
        Self::Straighten,
        Self::AlignLeft,
        Self::AlignCenter,
        Self::AlignRight,
        Self::AlignTop,
        Self::AlignMiddle,
        Self::AlignBottom,
        Self::DistributeHorizontally,
        Self::DistributeVertically,
        Self::Tidy,
        Self::ZoomToFit,
        Self::ZoomTo100,
        Self::ZoomToSelection,
        Self::Minimap,
        Self::Find,
        Self::FindNext,
        Self::FindPrevious,
        Self::Palette,
        Self::Design,
        Self::Matrix,
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
            Self::SaveElsewhere => "Save elsewhere…",
            Self::ShareWithoutContacts => "Share without contacts…",
            Self::EarlierVersions => "Earlier versions…",
            Self::Import => "Import events…",
            Self::ExportPicture => "Export picture…",
            Self::CloseProject => "Close project",
            Self::Undo => "Undo",
            Self::Redo => "Redo",
            Self::Rename => "Rename",
            Self::Delete => "Delete",
            Self::Cut => "Cut",
            Self::Copy => "Copy",
            Self::Paste => "Paste",
            Self::Duplicate => "Duplicate",
            Self::SelectAll => "Select all",
            Self::NewState => "New state",
            Self::Group => "Group",
            Self::Ungroup => "Ungroup",
            Self::Collapse => "Collapse or expand",
            Self::Straighten => "Straighten",
            Self::AlignLeft => "Align left",
            Self::AlignCenter => "Align centre",
            Self::AlignRight => "Align right",
            Self::AlignTop => "Align top",
            Self::AlignMiddle => "Align middle",
            Self::AlignBottom => "Align bottom",
            Self::DistributeHorizontally => "Distribute horizontally",
            Self::DistributeVertically => "Distribute vertically",
            Self::Tidy => "Tidy",
            Self::ZoomToFit => "Zoom to fit",
            Self::ZoomTo100 => "Zoom to 100 %",
            Self::ZoomToSelection => "Zoom to the selection",
            Self::Minimap => "Minimap",
            Self::Find => "Find",
            Self::FindNext => "Find next",
            Self::FindPrevious => "Find previous",
            Self::Palette => "Commands",
            Self::Design => "Design",
            Self::Matrix => "Matrix",
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
            Self::SaveElsewhere => "Move this project to another file, with its history, and go on there",
            Self::ShareWithoutContacts => "Write a file for others: no contacts, no imported data, no history",
            Self::EarlierVersions => "Look at this project as it was, in a copy",
            Self::Import => "Read recorded events from a CSV or text file",
            Self::ExportPicture => "Write the drawing, or what is selected of it, as PNG, SVG or PDF",
            Self::CloseProject => "Back to the start screen; everything is saved already",
            Self::Undo => "Take the last step back",
            Self::Redo => "Do again what was taken back",
            Self::Rename => "Give what is selected another name",
            Self::Delete => "Delete what is selected",
            Self::Cut => "Copy what is selected and delete it",
            Self::Copy => "Copy the selected states with the arrows among them, also into other projects",
            Self::Paste => "Add what was copied here or in another project, or a Mermaid diagram",
            Self::Duplicate => "Another of each selected state, with the arrows among them",
            Self::SelectAll => "Select every state and every arrow",
            Self::NewState => "Add a state in the middle of the canvas",
            Self::Group => "Put the selected states into a super-state",
            Self::Ungroup => "Take the selected super-state apart",
            Self::Collapse => "Draw the selected super-state as one card, or with what is inside",
            Self::Straighten => "Let the selected arrows find their own way again",
            Self::AlignLeft => "Bring the left edges of the selected states into line",
            Self::AlignCenter => "Bring the middles of the selected states into one column",
            Self::AlignRight => "Bring the right edges of the selected states into line",
            Self::AlignTop => "Bring the upper edges of the selected states into line",
            Self::AlignMiddle => "Bring the middles of the selected states into one row",
            Self::AlignBottom => "Bring the lower edges of the selected states into line",
            Self::DistributeHorizontally => "Equal spaces between the selected states, from left to right",
            Self::DistributeVertically => "Equal spaces between the selected states, from top to bottom",
            Self::Tidy => "Arrange what is selected, or everything, in layers",
            Self::ZoomToFit => "Show the whole journey",
            Self::ZoomTo100 => "Show the canvas in its own size",
            Self::ZoomToSelection => "Show what is selected",
            Self::Minimap => "A small picture of the whole journey, to find the way",
            Self::Find => "Search names, conditions, triggers and actions",
            Self::FindNext => "Go to the next place that was found",
            Self::FindPrevious => "Go to the place that was found before",
            Self::Palette => "Do anything by its name, or go to a state",
            Self::Design => "What should happen?",
            Self::Matrix => "What have we not decided?",
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
            Self::SaveCopy | Self::Duplicate => icon::COPY,
            Self::SaveElsewhere => icon::FLOPPY_DISK,
            Self::ShareWithoutContacts => icon::SHARE_NETWORK,
            Self::EarlierVersions => icon::CLOCK_COUNTER_CLOCKWISE,
            Self::Import => icon::DOWNLOAD_SIMPLE,
            Self::ExportPicture => icon::IMAGE,
            Self::CloseProject => icon::HOUSE,
            Self::Undo => icon::ARROW_COUNTER_CLOCKWISE,
            Self::Redo => icon::ARROW_CLOCKWISE,
            Self::Rename => icon::PENCIL_SIMPLE,
            Self::Delete => icon::TRASH,
            Self::Cut => icon::SCISSORS,
            Self::Copy => icon::COPY_SIMPLE,
            Self::Paste => icon::CLIPBOARD_TEXT,
            Self::SelectAll => icon::SELECTION_ALL,
            Self::NewState => icon::PLUS,
            Self::Group => icon::BOUNDING_BOX,
            Self::Ungroup => icon::SQUARE_SPLIT_HORIZONTAL,
            Self::Collapse => icon::ARROWS_IN_SIMPLE,
            Self::Straighten => icon::LINE_SEGMENT,
            Self::AlignLeft => icon::ALIGN_LEFT,
            Self::AlignCenter => icon::ALIGN_CENTER_HORIZONTAL,
            Self::AlignRight => icon::ALIGN_RIGHT,
            Self::AlignTop => icon::ALIGN_TOP,
            Self::AlignMiddle => icon::ALIGN_CENTER_VERTICAL,
            Self::AlignBottom => icon::ALIGN_BOTTOM,
            Self::DistributeHorizontally => icon::DOTS_THREE_OUTLINE,
            Self::DistributeVertically => icon::DOTS_THREE_OUTLINE_VERTICAL,
            Self::Tidy => icon::TREE_STRUCTURE,
            Self::ZoomToFit => icon::ARROWS_OUT,
            Self::ZoomTo100 | Self::Find => icon::MAGNIFYING_GLASS,
            Self::ZoomToSelection => icon::CORNERS_OUT,
            Self::Minimap => icon::MAP_TRIFOLD,
            Self::FindNext => icon::ARROW_DOWN,
            Self::FindPrevious => icon::ARROW_UP,
            Self::Palette => icon::COMMAND,
            Self::Design => icon::FLOW_ARROW,
            Self::Matrix => icon::TABLE,
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
        const fn alt(key: Key) -> KeyboardShortcut {
            KeyboardShortcut::new(Modifiers::ALT, key)
        }
        const CTRL_SHIFT: Modifiers = Modifiers::COMMAND.plus(Modifiers::SHIFT);
        const ALT_SHIFT: Modifiers = Modifiers::ALT.plus(Modifiers::SHIFT);
        match self {
            Self::NewJourney => &const { [ctrl(Key::N)] },
            Self::Open => &const { [ctrl(Key::O)] },
            Self::SaveCopy => &const { [KeyboardShortcut::new(CTRL_SHIFT, Key::S)] },
            Self::SaveElsewhere | Self::ShareWithoutContacts | Self::EarlierVersions | Self::Straighten => &[],
            Self::Import => &const { [ctrl(Key::I)] },
            Self::ExportPicture => &const { [KeyboardShortcut::new(CTRL_SHIFT, Key::E)] },
            Self::CloseProject => &const { [ctrl(Key::W)] },
            Self::Undo => &const { [ctrl(Key::Z)] },
            Self::Redo => &const { [ctrl(Key::Y), KeyboardShortcut::new(CTRL_SHIFT, Key::Z)] },
            Self::Rename => &const { [plain(Key::F2)] },
            Self::Delete => &const { [plain(Key::Delete), plain(Key::Backspace)] },
            Self::Cut => &const { [ctrl(Key::X)] },
            Self::Copy => &const { [ctrl(Key::C)] },
            Self::Paste => &const { [ctrl(Key::V)] },
            Self::Duplicate => &const { [ctrl(Key::D)] },
            Self::SelectAll => &const { [ctrl(Key::A)] },
            Self::NewState => &const { [plain(Key::Insert)] },
            Self::Group => &const { [ctrl(Key::G)] },
            Self::Ungroup => &const { [KeyboardShortcut::new(CTRL_SHIFT, Key::G)] },
            Self::Collapse => &const { [ctrl(Key::E)] },
            Self::AlignLeft => &const { [alt(Key::A)] },
            Self::AlignCenter => &const { [alt(Key::H)] },
            Self::AlignRight => &const { [alt(Key::D)] },
            Self::AlignTop => &const { [alt(Key::W)] },
            Self::AlignMiddle => &const { [alt(Key::V)] },
            Self::AlignBottom => &const { [alt(Key::S)] },
            Self::DistributeHorizontally => &const { [KeyboardShortcut::new(ALT_SHIFT, Key::H)] },
            Self::DistributeVertically => &const { [KeyboardShortcut::new(ALT_SHIFT, Key::V)] },
            Self::Tidy => &const { [KeyboardShortcut::new(CTRL_SHIFT, Key::T)] },
            Self::ZoomToFit => &const { [KeyboardShortcut::new(Modifiers::SHIFT, Key::Num1)] },
            Self::ZoomTo100 => &const { [ctrl(Key::Num0)] },
            Self::ZoomToSelection => &const { [KeyboardShortcut::new(Modifiers::SHIFT, Key::Num2)] },
            Self::Minimap => &const { [ctrl(Key::M)] },
            Self::Find => &const { [ctrl(Key::F)] },
            Self::FindNext => &const { [plain(Key::F3)] },
            Self::FindPrevious => &const { [KeyboardShortcut::new(Modifiers::SHIFT, Key::F3)] },
            Self::Palette => &const { [ctrl(Key::K)] },
            Self::Design => &const { [ctrl(Key::Num1)] },
            Self::Matrix => &const { [ctrl(Key::Num2)] },
            Self::Simulate => &const { [ctrl(Key::Num3)] },
            Self::Results => &const { [ctrl(Key::Num4)] },
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
            Self::Shortcuts => &const { [plain(Key::F1), plain(Key::Questionmark)] },
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
                    | Self::ZoomToSelection
                    | Self::Minimap
                    | Self::Design
                    | Self::Matrix
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
    pub fn is_of_the_stage(self) -> bool {
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
            std::cmp::Reverse(
                u8::from(keys.modifiers.shift) + u8::from(keys.modifiers.command) + u8::from(keys.modifiers.alt),
            )
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
