//! Whoever opens a project second may look at it and is told who has it.

use statecraft::store::{Keeping, ReadOnly};

use super::publishing::Share;
use super::*;

fn keeping(folder: &Path) -> Keeping {
    Keeping::in_folder(folder.join("state"))
}

#[test]
fn the_second_who_opens_a_project_may_look_and_copy_and_is_told_who_has_it() {
    let (folder, path) = project_file();
    let mut first = Document::open_with(&path, &keeping(folder.path())).unwrap();
    let mut second = Document::open_with(&path, &keeping(folder.path())).unwrap();
    let Some(ReadOnly::InUse(holder)) = second.read_only_because() else { panic!("{:?}", second.read_only_because()) };
    assert_eq!(holder.pid, std::process::id());
    assert!(!holder.is_elsewhere());
    let sentence = second.read_only_because().unwrap().to_string();
    assert!(
        sentence.contains(&format!("another window on this computer (process {})", std::process::id())),
        "{sentence}"
    );
    assert!(matches!(second.perform(Edit::AddEvent(String::from("four"))), Err(Refusal::ReadOnly(_))));
    let copy = folder.path().join("copy.statecraft");
    second.save_copy(&copy).unwrap();
    first.perform(Edit::AddEvent(String::from("four"))).unwrap();
    drop((first, second));
    assert_eq!(names_in(folder.path()), ["copy.statecraft", "journey.statecraft", "state"]);
    let again = Document::open_with(&path, &keeping(folder.path())).unwrap();
    assert!(!again.read_only() && again.project().event_by_name("four").is_some());
}

#[test]
fn a_project_can_be_looked_at_whoever_has_it_open() {
    let (folder, path) = project_file();
    let _first = Document::open_with(&path, &keeping(folder.path())).unwrap();
    let look = Document::look(&path).unwrap();
    assert_eq!(look.read_only_because(), Some(&ReadOnly::Look));
    assert_eq!(names_in(folder.path()), ["journey.statecraft", "state"]);
}

/// Not a test: what the next one starts and kills.
#[test]
#[ignore = "runs until it is killed, as a part of another test"]
fn hold_until_killed() {
    let Some(path) = std::env::var_os("STATECRAFT_KILLED_FILE").map(PathBuf::from) else { return };
    let mut document = Document::open_with(&path, &keeping(path.parent().unwrap())).unwrap();
    document.perform(Edit::AddEvent(String::from("held"))).unwrap();
    document.flush(SOON).unwrap();
    loop {
        std::thread::sleep(SOON);
    }
}

#[test]
fn what_a_dead_process_left_locks_nobody_out() {
    let (folder, path) = project_file();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "locks::hold_until_killed", "--ignored", "--nocapture"])
        .env("STATECRAFT_KILLED_FILE", &path)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    wait_until("it is held", || Document::look(&path).is_ok_and(|look| look.project().event_by_name("held").is_some()));
    let second = Document::open_with(&path, &keeping(folder.path())).unwrap();
    assert!(matches!(second.read_only_because(), Some(ReadOnly::InUse(holder)) if holder.pid == child.id()));
    drop(second);
    child.kill().unwrap();
    child.wait().unwrap();
    let third = Document::open_with(&path, &keeping(folder.path())).unwrap();
    assert_eq!(third.read_only_because(), None);
}

#[test]
fn somebody_on_another_computer_is_told_by_name_and_can_be_overruled() {
    let share = Share::new();
    let marker = share.path.with_file_name(".journey.statecraft.open");
    fs::write(&marker, r#"{"host":"ada-laptop","pid":7,"since":1795694645}"#).unwrap();
    let document = share.open();
    let why = document.read_only_because().unwrap();
    assert_eq!(why.to_string(), "It is open on ada-laptop.");
    assert!(matches!(why, ReadOnly::InUse(holder) if holder.is_elsewhere()));
    drop(document);
    assert!(marker.exists(), "it is theirs");
    let keeping = Keeping { take_over: true, ..share.keeping.clone() };
    let mut document = Document::open_with(&share.path, &keeping).unwrap();
    document.perform(Edit::AddEvent(String::from("mine"))).unwrap();
    drop(document);
    assert!(!marker.exists());
    assert!(Document::look(&share.path).unwrap().project().event_by_name("mine").is_some());
}
