//! Where a file lies: on a disk of this computer, where it may be edited in place, or where locks and journals cannot be
//! relied on. Judges by the mount, by the names of folders, and by what sync programs leave in theirs. Writes nothing.

use std::fs;
use std::path::{Component, Path, PathBuf};

/// What lies under a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A disk of this computer: edited in place.
    Local,
    /// A folder of another computer.
    Network,
    /// A disk that can be pulled out.
    Removable,
    /// A folder that this program carries to other computers.
    Synced(&'static str),
}

impl Place {
    /// Whether a project there is edited in a working copy and published from it.
    #[must_use]
    pub fn needs_working_copy(&self) -> bool {
        *self != Self::Local
    }

    /// `a network folder`
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::Local => String::from("this computer"),
            Self::Network => String::from("a network folder"),
            Self::Removable => String::from("a removable disk"),
            Self::Synced(program) => format!("a folder of {program}"),
        }
    }

    /// Judges the place of `path`, which need not exist.
    #[must_use]
    pub fn of(path: &Path) -> Self {
        // What is linked to counts, not the link.
        let real = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if let Some(place) = by_names(&real).or_else(|| by_markers(&real)) {
            return place;
        }
        match fs::read_to_string("/proc/self/mountinfo") {
            Ok(mounts) => by_mount(&mounts, &real),
            // There is no such list elsewhere than on Linux; names must do.
            Err(_) => Self::Local,
        }
    }
}

/// Folders of other computers, by the type of their mount.
const NETWORK: [&str; 19] = [
    "nfs",
    "nfs4",
    "cifs",
    "smb",
    "smb2",
    "smb3",
    "smbfs",
    "9p",
    "virtiofs",
    "afs",
    "ceph",
    "glusterfs",
    "lustre",
    "ncpfs",
    "davfs",
    "drvfs",
    "vboxsf",
    "prl_fs",
    "fuse",
];
/// What cameras, sticks and foreign disks are formatted with.
const REMOVABLE: [&str; 7] = ["vfat", "msdos", "exfat", "fuseblk", "udf", "iso9660", "hfsplus"];
/// These lie in user space and are local all the same.
const LOCAL_FUSE: [&str; 3] = ["fuse.fuse-overlayfs", "fuse.gocryptfs", "fuse.bindfs"];

/// The place of `path` by the mount that holds it; `mounts` is in the form of Linux's `mountinfo`.
#[must_use]
pub fn by_mount(mounts: &str, path: &Path) -> Place {
    let mut best: Option<(usize, PathBuf, &str)> = None;
    for line in mounts.lines() {
        let Some((before, after)) = line.split_once(" - ") else { continue };
        let (Some(point), Some(kind)) = (before.split(' ').nth(4), after.split(' ').next()) else { continue };
        let point = PathBuf::from(unescaped(point));
        let depth = point.components().count();
        // Of two at one point, the later lies over the earlier.
        if path.starts_with(&point) && best.as_ref().is_none_or(|(deepest, ..)| depth >= *deepest) {
            best = Some((depth, point, kind));
        }
    }
    let Some((_, point, kind)) = best else { return Place::Local };
    let is_fuse = kind.starts_with("fuse.") && !LOCAL_FUSE.contains(&kind);
    let attached = ["/media", "/run/media"].iter().any(|root| point.starts_with(root));
    if NETWORK.contains(&kind) || is_fuse {
        Place::Network
    } else if REMOVABLE.contains(&kind) || attached {
        Place::Removable
    } else {
        Place::Local
    }
}

/// `mountinfo` writes blanks and the like as backslash and three octal digits.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, others)) = rest.split_first() {
        let octal = others.get(..3).filter(|_| *first == b'\\').and_then(|digits| std::str::from_utf8(digits).ok());
        if let Some(byte) = octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            bytes.push(byte);
            rest = &others[3..];
        } else {
            bytes.push(*first);
            rest = others;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Folders that sync programs call so by themselves: the whole name, or its beginning.
const FOLDERS: [(&str, &str); 12] = [
    ("dropbox", "Dropbox"),
    ("onedrive", "OneDrive"),
    ("google drive", "Google Drive"),
    ("googledrive", "Google Drive"),
    ("icloud drive", "iCloud Drive"),
    ("iclouddrive", "iCloud Drive"),
    ("mobile documents", "iCloud Drive"),
    ("cloudstorage", "a sync program"),
    ("nextcloud", "Nextcloud"),
    ("owncloud", "ownCloud"),
    ("syncthing", "Syncthing"),
    ("pclouddrive", "pCloud"),
];

/// The place of `path` by the names of the folders that it lies in, if they say anything.
#[must_use]
pub fn by_names(path: &Path) -> Option<Place> {
    let text = path.to_string_lossy();
    let share = text.strip_prefix(r"\\?\").map_or_else(|| text.starts_with(r"\\"), |rest| rest.starts_with(r"UNC\"));
    if share {
        return Some(Place::Network);
    }
    let folders = path.parent()?.components();
    for folder in folders {
        let Component::Normal(name) = folder else { continue };
        let name = name.to_string_lossy().to_lowercase();
        let known = FOLDERS.iter().find(|(start, _)| {
            // "OneDrive - Company", "Dropbox (Personal)", "GoogleDrive-somebody@example.com"
            name.strip_prefix(start).is_some_and(|rest| rest.trim_start().is_empty() || begins_a_suffix(rest))
        });
        if let Some((_, program)) = known {
            return Some(Place::Synced(program));
        }
    }
    // macOS shows every disk but its own there.
    path.starts_with("/Volumes").then_some(Place::Removable)
}

fn begins_a_suffix(rest: &str) -> bool {
    rest.trim_start().starts_with(['-', '(', '–', '_'])
}

/// What sync programs leave in the folders that they look after.
const MARKERS: [(&str, &str); 8] = [
    (".dropbox.cache", "Dropbox"),
    (".stfolder", "Syncthing"),
    (".nextcloudsync.log", "Nextcloud"),
    (".owncloudsync.log", "ownCloud"),
    (".csync_journal.db", "Nextcloud"),
    (".tmp.drivedownload", "Google Drive"),
    (".tmp.driveupload", "Google Drive"),
    (".849C9593-D756-4E56-8D6E-42412F2A707B", "OneDrive"),
];

/// The place of `path` by what lies in the folders around it.
fn by_markers(path: &Path) -> Option<Place> {
    path.ancestors().skip(1).find_map(|folder| {
        let marker = MARKERS.iter().find(|(name, _)| folder.join(name).exists());
        // The folder of this name in the home of a user is only where Dropbox keeps its settings.
        let dropbox = folder.join(".dropbox").is_file().then_some("Dropbox");
        let sync = sync_database(folder).then_some("Nextcloud");
        marker.map(|(_, program)| *program).or(dropbox).or(sync).map(Place::Synced)
    })
}

/// Nextcloud and ownCloud name their database `.sync_` and some digits.
fn sync_database(folder: &Path) -> bool {
    let named = |name: &str| {
        let start = name.starts_with(".sync_") || name.starts_with("._sync_");
        start && Path::new(name).extension().is_some_and(|ending| ending == "db")
    };
    let Ok(mut entries) = fs::read_dir(folder) else { return false };
    entries.any(|entry| entry.is_ok_and(|entry| named(&entry.file_name().to_string_lossy())))
}
