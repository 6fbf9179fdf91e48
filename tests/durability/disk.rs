//! A disk as a power cut leaves it, built from the calls of a program: what was made durable is there; of everything else
//! any part may be, down to single sectors of a write and single names of a folder.

use std::collections::BTreeMap;
use std::os::unix::ffi::OsStringExt as _;
use std::path::{Path, PathBuf};

use super::script::Luck;
use super::trace::Call;

/// What the model understands, as `strace` wants to be told.
pub(crate) const CALLS: &str = "openat,close,write,pwrite64,lseek,ftruncate,fsync,fdatasync,unlink,rename,renameat2,link,linkat,\
                                mkdir,copy_file_range,dup,fcntl,writev,pwritev,fallocate,sendfile,unlinkat,renameat";
const SECTOR: usize = 512;

#[derive(Debug, Default)]
pub(crate) struct Disk {
    root: PathBuf,
    files: Vec<File>,
    /// The names as the program sees them, and those that are durable.
    names: BTreeMap<PathBuf, usize>,
    durable: BTreeMap<PathBuf, usize>,
    renamed: Vec<Naming>,
    open: BTreeMap<i64, Open>,
}

#[derive(Debug, Default)]
struct File {
    durable: Vec<u8>,
    unsynced: Vec<Write>,
}

#[derive(Clone, Debug)]
enum Write {
    At(usize, Vec<u8>),
    Length(usize),
}

#[derive(Clone, Debug)]
enum Naming {
    Added(PathBuf, usize),
    Removed(PathBuf),
    Moved(PathBuf, PathBuf, usize),
    /// Two names, each with what it names afterwards.
    Swapped([(PathBuf, usize); 2]),
}

#[derive(Clone, Debug)]
enum Open {
    File { file: usize, at: usize },
    Folder(PathBuf),
}

/// How much of what is not durable survives.
#[derive(Clone, Copy, Debug)]
struct Survival {
    /// Out of four.
    names: usize,
    writes: usize,
    /// Whether a write can be torn.
    torn: bool,
}

impl Disk {
    /// An empty disk; only what is in the folder `root` is looked at.
    pub(crate) fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), ..Self::default() }
    }

    /// Does what the call did.
    pub(crate) fn apply(&mut self, call: &Call) {
        if call.result < 0 {
            return;
        }
        let number = |argument| call.number(argument).unwrap_or(-1);
        match call.name.as_str() {
            "openat" => self.open_file(call),
            "close" => drop(self.open.remove(&number(0))),
            "dup" => self.duplicate(number(0), call.result),
            "fcntl" if call.arguments[1].starts_with("F_DUPFD") => self.duplicate(number(0), call.result),
            "lseek" => {
                if let Some(Open::File { at, .. }) = self.open.get_mut(&number(0)) {
                    *at = place(call.result);
                }
            }
            "write" => {
                if let Some(Open::File { file, at }) = self.open.get_mut(&number(0)) {
                    let bytes = written(call);
                    self.files[*file].unsynced.push(Write::At(*at, bytes));
                    *at += place(call.result);
                }
            }
            "pwrite64" => {
                if let Some(file) = self.file(number(0)) {
                    file.unsynced.push(Write::At(place(number(3)), written(call)));
                }
            }
            "ftruncate" => {
                if let Some(file) = self.file(number(0)) {
                    file.unsynced.push(Write::Length(place(number(1))));
                }
            }
            "copy_file_range" => self.copy(number(0), number(2), place(call.result)),
            "sendfile" => self.copy(number(1), number(0), place(call.result)),
            "fsync" | "fdatasync" => self.sync(number(0)),
            "unlink" | "unlinkat" => {
                let path = self.path(call, usize::from(call.name == "unlinkat"));
                if let Some(path) = path.filter(|path| self.names.remove(path).is_some()) {
                    self.renamed.push(Naming::Removed(path));
                }
            }
            "rename" | "renameat" | "renameat2" => {
                let places = if call.name == "rename" { (0, 1) } else { (1, 3) };
                let (Some(from), Some(to)) = (self.path(call, places.0), self.path(call, places.1)) else { return };
                if call.arguments.get(4).is_some_and(|flags| flags.contains("RENAME_EXCHANGE")) {
                    self.swap(from, to);
                } else if let Some(file) = self.names.remove(&from) {
                    self.names.insert(to.clone(), file);
                    self.renamed.push(Naming::Moved(from, to, file));
                }
            }
            "link" | "linkat" => {
                let places = if call.name == "link" { (0, 1) } else { (1, 3) };
                let (Some(from), Some(to)) = (self.path(call, places.0), self.path(call, places.1)) else { return };
                if let Some(file) = self.names.get(&from).copied() {
                    self.names.insert(to.clone(), file);
                    self.renamed.push(Naming::Added(to, file));
                }
            }
            // Folders are as durable as what is put into them, and locks are no part of a disk.
            "mkdir" | "fcntl" => {}
            other => assert!(!self.open.contains_key(&number(0)), "the model does not know {other}: {}", call.line),
        }
    }

    fn open_file(&mut self, call: &Call) {
        let Some(path) = self.path(call, 1) else { return };
        if path.is_dir() {
            self.open.insert(call.result, Open::Folder(path));
            return;
        }
        let flags = call.arguments[2].as_str();
        let file = if let Some(file) = self.names.get(&path) {
            *file
        } else {
            self.files.push(File::default());
            let file = self.files.len() - 1;
            self.names.insert(path.clone(), file);
            self.renamed.push(Naming::Added(path, file));
            file
        };
        if flags.contains("O_TRUNC") {
            self.files[file].unsynced.push(Write::Length(0));
        }
        assert!(!flags.contains("O_APPEND"), "the model does not know how to append: {}", call.line);
        self.open.insert(call.result, Open::File { file, at: 0 });
    }

    fn swap(&mut self, one: PathBuf, other: PathBuf) {
        let (Some(first), Some(second)) = (self.names.get(&one).copied(), self.names.get(&other).copied()) else {
            return;
        };
        let swapped = Naming::Swapped([(one, second), (other, first)]);
        swapped.apply(&mut self.names);
        self.renamed.push(swapped);
    }

    fn duplicate(&mut self, from: i64, to: i64) {
        if let Some(open) = self.open.get(&from).cloned() {
            self.open.insert(to, open);
        }
    }

    fn file(&mut self, handle: i64) -> Option<&mut File> {
        match self.open.get(&handle) {
            Some(Open::File { file, .. }) => Some(&mut self.files[*file]),
            _ => None,
        }
    }

    /// A path below the root.
    fn path(&self, call: &Call, argument: usize) -> Option<PathBuf> {
        let path = PathBuf::from(std::ffi::OsString::from_vec(call.bytes(argument)?));
        path.starts_with(&self.root).then_some(path)
    }

    fn copy(&mut self, from: i64, to: i64, length: usize) {
        let (Some(Open::File { file: source, at: start }), Some(Open::File { file, at })) =
            (self.open.get(&from).cloned(), self.open.get(&to).cloned())
        else {
            return;
        };
        let bytes = self.files[source].after(|_| true);
        self.files[file].unsynced.push(Write::At(at, bytes[start..start + length].to_vec()));
        self.open.insert(from, Open::File { file: source, at: start + length });
        self.open.insert(to, Open::File { file, at: at + length });
    }

    fn sync(&mut self, handle: i64) {
        match self.open.get(&handle) {
            Some(Open::File { file, .. }) => {
                let file = &mut self.files[*file];
                file.durable = file.after(|_| true);
                file.unsynced.clear();
            }
            Some(Open::Folder(folder)) => {
                let folder = folder.clone();
                let (synced, left): (Vec<Naming>, _) =
                    std::mem::take(&mut self.renamed).into_iter().partition(|naming| naming.is_in(&folder));
                self.renamed = left;
                for naming in synced {
                    naming.apply(&mut self.durable);
                }
            }
            None => {}
        }
    }

    /// What is on the disk when the power comes back.
    pub(crate) fn after_a_power_cut(&self, luck: &mut Luck) -> BTreeMap<PathBuf, Vec<u8>> {
        const WAYS: [Survival; 6] = [
            Survival { names: 0, writes: 0, torn: false },
            Survival { names: 4, writes: 4, torn: false },
            Survival { names: 0, writes: 4, torn: false },
            Survival { names: 4, writes: 0, torn: false },
            Survival { names: 2, writes: 2, torn: false },
            Survival { names: 2, writes: 2, torn: true },
        ];
        let way = WAYS[luck.below(WAYS.len())];
        let mut names = self.durable.clone();
        for naming in &self.renamed {
            if luck.below(4) < way.names {
                naming.apply(&mut names);
            }
        }
        names.into_iter().map(|(path, file)| (path, self.files[file].cut(way, luck))).collect()
    }
}

impl File {
    /// The content, of what is not durable only the writes that are wanted.
    fn after(&self, mut wanted: impl FnMut(&Write) -> bool) -> Vec<u8> {
        let mut bytes = self.durable.clone();
        self.unsynced.iter().filter(|write| wanted(write)).for_each(|write| write.apply(&mut bytes));
        bytes
    }

    fn cut(&self, way: Survival, luck: &mut Luck) -> Vec<u8> {
        let mut bytes = self.durable.clone();
        for write in &self.unsynced {
            match write {
                Write::At(at, written) if way.torn => {
                    for (sector, part) in written.chunks(SECTOR).enumerate() {
                        if luck.below(4) < way.writes {
                            Write::At(at + sector * SECTOR, part.to_vec()).apply(&mut bytes);
                        }
                    }
                }
                write if luck.below(4) < way.writes => write.apply(&mut bytes),
                _ => {}
            }
        }
        bytes
    }
}

impl Write {
    fn apply(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::At(at, written) => {
                let end = at + written.len();
                if bytes.len() < end {
                    bytes.resize(end, 0);
                }
                bytes[*at..end].copy_from_slice(written);
            }
            Self::Length(length) => bytes.resize(*length, 0),
        }
    }
}

impl Naming {
    fn is_in(&self, folder: &Path) -> bool {
        match self {
            Self::Added(path, _) | Self::Removed(path) => path.parent() == Some(folder),
            Self::Moved(from, to, _) => from.parent() == Some(folder) || to.parent() == Some(folder),
            Self::Swapped(names) => names.iter().any(|(path, _)| path.parent() == Some(folder)),
        }
    }

    fn apply(&self, names: &mut BTreeMap<PathBuf, usize>) {
        match self {
            Self::Added(path, file) => drop(names.insert(path.clone(), *file)),
            Self::Removed(path) => drop(names.remove(path)),
            Self::Moved(from, to, file) => {
                names.remove(from);
                names.insert(to.clone(), *file);
            }
            Self::Swapped(swapped) => names.extend(swapped.clone()),
        }
    }
}

/// The bytes that were written; a write can end early.
fn written(call: &Call) -> Vec<u8> {
    let mut bytes = call.bytes(1).unwrap_or_else(|| panic!("all bytes are in the log: {:.200}", call.line));
    bytes.truncate(place(call.result));
    bytes
}

fn place(number: i64) -> usize {
    usize::try_from(number).expect("not below zero")
}
