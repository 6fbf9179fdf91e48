//! Where a file cannot be edited in place, a working copy is published: whole, checked, and never over somebody else's.

use statecraft::store::{Judgement, Keeping, News, Place, Publishing};

use super::*;

/// A folder as if it were on a server, one for our own files, and how to keep a project in them.
pub(crate) struct Share {
    root: tempfile::TempDir,
    pub(crate) path: PathBuf,
    pub(crate) keeping: Keeping,
}

impl Share {
    pub(crate) fn new() -> Self {
        let root = tempfile::tempdir().unwrap();
        let share = root.path().join("share");
        fs::create_dir(&share).unwrap();
        let path = share.join("journey.statecraft");
        Store::create(&path, &journey()).unwrap();
        let keeping = Keeping {
            judgement: Judgement::Always(Place::Network),
            quiet: Duration::from_millis(20),
            ..Keeping::in_folder(root.path().join("state"))
        };
        Self { root, path, keeping }
    }

    pub(crate) fn open(&self) -> Document {
        Document::open_with(&self.path, &self.keeping).unwrap()
    }

    /// On another computer: with a folder of its own.
    fn elsewhere(&self) -> Keeping {
        Keeping { state: Some(self.root.path().join("elsewhere")), take_over: true, ..self.keeping.clone() }
    }

    fn folder(&self) -> &Path {
        self.path.parent().unwrap()
    }

    fn published(&self) -> Project {
        Document::look(&self.path).unwrap().project().clone()
    }
}

fn renamed(document: &mut Document, name: &str) {
    document.perform(Edit::RenameJourney(name.to_owned())).unwrap();
    document.flush(SOON).unwrap();
}

fn is_published(document: &Document) -> bool {
    matches!(document.publishing(), Publishing::Published { .. })
}

fn unpublished(document: &Document) -> String {
    wait_until("publishing failed", || matches!(document.publishing(), Publishing::Failed { .. }));
    match document.publishing() {
        Publishing::Failed { why } => why,
        publishing => panic!("{publishing:?}"),
    }
}

#[test]
fn edits_reach_the_file_after_a_pause_and_leave_nothing_beside_it() {
    let share = Share::new();
    let mut document = share.open();
    assert!(is_published(&document));
    renamed(&mut document, "Later");
    wait_until("it is published", || is_published(&document) && share.published().info.name == "Later");
    // While it is open, others see by whom.
    assert_eq!(names_in(share.folder()), [".journey.statecraft.open", "journey.statecraft"]);
    document.undo().unwrap();
    drop(document);
    assert_eq!(share.published(), journey(), "what was not published yet is, on closing");
    assert_eq!(names_in(share.folder()), ["journey.statecraft"]);
    let mut document = share.open();
    assert!(document.redo().is_some());
    assert_eq!(document.project().info.name, "Later");
}

#[test]
fn a_local_file_is_edited_in_place() {
    let share = Share::new();
    let keeping = Keeping { judgement: Judgement::Always(Place::Local), ..share.keeping.clone() };
    let mut document = Document::open_with(&share.path, &keeping).unwrap();
    renamed(&mut document, "At once");
    assert_eq!(document.publishing(), Publishing::InPlace);
    assert_eq!(share.published().info.name, "At once");
    assert_eq!(names_in(share.folder()), ["journey.statecraft"]);
}

#[test]
fn a_change_by_somebody_else_is_never_overwritten_and_ours_goes_beside_it() {
    let share = Share::new();
    let mut ours = Document::open_with(&share.path, &Keeping { quiet: SOON, ..share.keeping.clone() }).unwrap();
    renamed(&mut ours, "Ours");
    let mut theirs = Document::open_with(&share.path, &share.elsewhere()).unwrap();
    renamed(&mut theirs, "Theirs");
    drop(theirs);
    let bytes = fs::read(&share.path).unwrap();
    ours.publish();
    wait_until("it is published", || is_published(&ours));
    let news = ours.news();
    let [News::Conflict { theirs, ours: beside }] = &news[..] else { panic!("{news:?}") };
    assert_eq!((theirs, beside.as_path()), (&share.path, ours.path()));
    let name = beside.file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with("journey (conflict 2") && name.ends_with(").statecraft"), "{name}");
    // The work goes on beside it.
    renamed(&mut ours, "Ours again");
    drop(ours);
    assert_eq!(fs::read(&share.path).unwrap(), bytes);
    assert_eq!(Document::look(beside).unwrap().project().info.name, "Ours again");
    assert_eq!(names_in(share.folder()).len(), 2, "one file of ours, however often it was published");
    assert_eq!(share.open().project().info.name, "Theirs");
}

#[test]
fn a_file_that_was_only_touched_is_no_conflict() {
    let share = Share::new();
    let mut document = share.open();
    let bytes = fs::read(&share.path).unwrap();
    // As sync programs do: another file with the same content.
    let other = share.folder().join("other");
    fs::write(&other, bytes).unwrap();
    fs::rename(&other, &share.path).unwrap();
    renamed(&mut document, "Ours");
    drop(document);
    assert_eq!(names_in(share.folder()), ["journey.statecraft"]);
    assert_eq!(share.published().info.name, "Ours");
}

#[test]
fn a_file_that_somebody_damaged_is_not_overwritten_either() {
    let share = Share::new();
    let mut document = share.open();
    fs::write(&share.path, "something else").unwrap();
    renamed(&mut document, "Ours");
    drop(document);
    assert_eq!(fs::read(&share.path).unwrap(), b"something else");
    let copy = names_in(share.folder()).into_iter().find(|name| name.contains("conflict")).unwrap();
    assert_eq!(Document::look(&share.folder().join(copy)).unwrap().project().info.name, "Ours");
}

#[test]
fn work_is_kept_while_the_share_is_away_and_published_when_it_is_back() {
    let share = Share::new();
    let away = share.root.path().join("away");
    let mut document = share.open();
    fs::rename(share.folder(), &away).unwrap();
    renamed(&mut document, "Later");
    assert!(matches!(document.save_state(), SaveState::Saved { .. }), "it is durable on this computer");
    let why = unpublished(&document);
    assert!(why.contains("is not connected. Your work is kept on this computer."), "{why}");
    fs::rename(&away, share.folder()).unwrap();
    document.publish();
    wait_until("it is published", || is_published(&document));
    assert_eq!(share.published().info.name, "Later");
}

#[test]
fn work_that_could_not_be_published_before_closing_is_found_again_and_goes_on() {
    let share = Share::new();
    let away = share.root.path().join("away");
    let mut document = share.open();
    fs::rename(share.folder(), &away).unwrap();
    renamed(&mut document, "Kept");
    drop(document);
    fs::rename(&away, share.folder()).unwrap();
    assert_eq!(share.published(), journey());
    let mut document = share.open();
    assert_eq!(document.project().info.name, "Kept");
    assert_eq!(document.news(), [News::Continued]);
    assert!(document.undo_title().is_some());
    wait_until("it is published", || is_published(&document));
    assert_eq!(share.published().info.name, "Kept");
}

#[test]
fn work_left_behind_meets_a_file_that_was_changed_meanwhile_beside_it() {
    let share = Share::new();
    let away = share.root.path().join("away");
    let mut document = share.open();
    fs::rename(share.folder(), &away).unwrap();
    renamed(&mut document, "Ours");
    drop(document);
    fs::rename(&away, share.folder()).unwrap();
    let mut theirs = Document::open_with(&share.path, &share.elsewhere()).unwrap();
    renamed(&mut theirs, "Theirs");
    drop(theirs);
    let mut document = share.open();
    assert_eq!(document.project().info.name, "Ours");
    wait_until("it is published", || is_published(&document));
    assert!(document.news().iter().any(|news| matches!(news, News::Conflict { .. })));
    drop(document);
    assert_eq!(share.published().info.name, "Theirs");
    assert_eq!(share.open().project().info.name, "Theirs");
}

#[test]
fn work_left_behind_of_which_nobody_knows_where_it_belongs_goes_beside_the_file() {
    let share = Share::new();
    let away = share.root.path().join("away");
    let mut document = share.open();
    fs::rename(share.folder(), &away).unwrap();
    renamed(&mut document, "Ours");
    drop(document);
    fs::rename(&away, share.folder()).unwrap();
    let homes = fs::read_dir(share.root.path().join("state/projects")).unwrap();
    let record = homes.into_iter().next().unwrap().unwrap().path().join("published.json");
    fs::write(record, "{").unwrap();
    let mut document = share.open();
    assert_eq!(document.project().info.name, "Ours");
    wait_until("it is published", || is_published(&document));
    assert!(document.news().iter().any(|news| matches!(news, News::Conflict { .. })));
    drop(document);
    assert_eq!(share.published(), journey());
    assert_eq!(names_in(share.folder()).iter().filter(|name| name.contains("conflict")).count(), 1);
}

#[test]
fn a_file_that_is_gone_is_written_again() {
    let share = Share::new();
    let mut document = share.open();
    fs::remove_file(&share.path).unwrap();
    renamed(&mut document, "Ours");
    drop(document);
    assert_eq!(share.published().info.name, "Ours");
}

#[test]
fn saving_elsewhere_moves_the_project_there_with_its_history() {
    let share = Share::new();
    let away = share.root.path().join("away");
    let mut document = share.open();
    renamed(&mut document, "One");
    wait_until("it is published", || is_published(&document));
    fs::rename(share.folder(), &away).unwrap();
    renamed(&mut document, "Two");
    unpublished(&document);
    let target = share.root.path().join("elsewhere.statecraft");
    document.save_elsewhere(&target).unwrap();
    assert_eq!(document.path(), target);
    assert!(document.undo_title().is_some());
    renamed(&mut document, "Three");
    drop(document);
    let document = Document::open_with(&target, &share.keeping).unwrap();
    assert_eq!((document.project().info.name.as_str(), document.revision()), ("Three", 4));
    drop(document);
    fs::rename(&away, share.folder()).unwrap();
    // The old file is as it was, and nothing of the work goes there behind anybody's back.
    assert_eq!(share.open().project().info.name, "One");
}
