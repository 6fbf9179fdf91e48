//! Text fields over values that change only by edits: what is being typed is a draft, kept until Enter or until the
//! field is left; Esc throws it away.

use egui::text::{CCursor, CCursorRange};
use egui::{Id, Key, Response, TextEdit, Ui};

/// A field and what it was left with.
pub struct Field {
    pub response: Response,
    /// The new text, once, when it was finished and differs from the value.
    pub finished: Option<String>,
    /// What stands in the field now.
    pub draft: String,
}

/// How a field looks.
pub struct Look<'a> {
    pub hint: &'a str,
    pub rows: usize,
    /// What a screen reader calls it.
    pub label: &'a str,
    pub monospace: bool,
}

impl<'a> Look<'a> {
    pub fn line(label: &'a str) -> Self {
        Self { hint: "", rows: 1, label, monospace: false }
    }

    #[must_use]
    pub fn hint(self, hint: &'a str) -> Self {
        Self { hint, ..self }
    }

    #[must_use]
    pub fn rows(self, rows: usize) -> Self {
        Self { rows, ..self }
    }

    #[must_use]
    pub fn monospace(self) -> Self {
        Self { monospace: true, ..self }
    }
}

/// Shows `value` in a field of its own draft. `key` must tell apart what is being edited, so that a draft never ends up
/// in another thing.
pub fn text_field(ui: &mut Ui, key: impl egui::AsIdSalt, value: &str, look: &Look) -> Field {
    let id = Id::new("field").with(key);
    let mut draft: String = ui.data(|data| data.get_temp(id)).unwrap_or_else(|| value.to_owned());
    let edit = if look.rows > 1 {
        TextEdit::multiline(&mut draft).desired_rows(look.rows)
    } else {
        TextEdit::singleline(&mut draft)
    };
    let edit =
        edit.id(id).margin(super::theme::FIELD_MARGIN).hint_text(look.hint.to_owned()).desired_width(f32::INFINITY);
    let response = ui.add(if look.monospace { edit.code_editor().desired_rows(look.rows) } else { edit });
    response.widget_info(|| {
        let mut info = egui::WidgetInfo::text_edit(ui.is_enabled(), value, &draft, look.hint);
        info.label = Some(look.label.to_owned());
        info
    });
    take_focus(ui, &response, &draft);
    let mut finished = None;
    if response.lost_focus() {
        let cancelled = ui.input(|input| input.key_pressed(Key::Escape));
        if !cancelled && draft != value {
            finished = Some(draft.clone());
        }
        ui.data_mut(|data| data.remove::<String>(id));
    } else if response.has_focus() {
        ui.data_mut(|data| data.insert_temp(id, draft.clone()));
    }
    Field { response, finished, draft }
}

/// Says what a screen reader calls a plain text field that holds `text`.
pub fn titled(field: &Response, name: &str, text: &str) {
    field.widget_info(|| {
        let mut info = egui::WidgetInfo::text_edit(field.enabled(), text, text, "");
        info.label = Some(name.to_owned());
        info
    });
}

/// Says what a screen reader calls a drop-down that shows `current`.
pub fn named(list: &Response, name: &str, current: &str) {
    list.widget_info(|| {
        let mut info = egui::WidgetInfo::labeled(egui::WidgetType::ComboBox, list.enabled(), name);
        info.current_text_value = Some(current.to_owned());
        info
    });
}

/// Leaves `draft` in the field for `key` although it was finished: it cannot be had, and is not to be typed again.
pub fn keep(ui: &Ui, key: impl egui::AsIdSalt, draft: &str) {
    ui.data_mut(|data| data.insert_temp(Id::new("field").with(key), draft.to_owned()));
}

/// Gives the field for `key` the keyboard, with its text selected, as soon as it is shown. Not at once: a screen reader
/// must not hear of a focus on what is not there.
pub fn focus(ctx: &egui::Context, key: impl egui::AsIdSalt) {
    let id = Id::new("field").with(key);
    ctx.data_mut(|data| data.insert_temp(wanted(), id));
    ctx.request_repaint();
}

/// Where the field is kept that gets the keyboard next.
fn wanted() -> Id {
    Id::new("field that gets the focus")
}

fn take_focus(ui: &Ui, field: &Response, text: &str) {
    if !ui.is_enabled() || ui.data(|data| data.get_temp::<Id>(wanted())) != Some(field.id) {
        return;
    }
    ui.data_mut(|data| data.remove::<Id>(wanted()));
    field.request_focus();
    let mut state = egui::text_edit::TextEditState::load(ui.ctx(), field.id).unwrap_or_default();
    let all = CCursorRange::two(CCursor::new(0), CCursor::new(text.chars().count()));
    state.cursor.set_char_range(Some(all));
    state.store(ui.ctx(), field.id);
}

/// Takes the focus from the text that is being typed, so that its field finishes it with this frame, where what happens
/// next may take the field away: the window closes, a file is dropped, a screen reader presses something else.
pub fn finish_typing(ctx: &egui::Context) {
    if !ctx.text_edit_focused() {
        return;
    }
    let Some(focused) = ctx.memory(egui::Memory::focused) else { return };
    let leaves = ctx.input(|input| {
        input.viewport().close_requested()
            || !input.raw.dropped_files.is_empty()
            || input.events.iter().any(|event| {
                matches!(event, egui::Event::AccessKitActionRequest(request)
                    if request.action == egui::accesskit::Action::Click && request.target_node != focused.accesskit_id())
            })
    });
    if leaves {
        ctx.memory_mut(|memory| memory.surrender_focus(focused));
    }
}
