//! Where a file lies: told by mounts, names of folders, and what sync programs leave there.

use std::fs;
use std::path::Path;

use statecraft::store::Place;
use statecraft::store::placement::{by_mount, by_names};

const MOUNTS: &str = "\
21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
22 21 0:5 / /proc rw - proc proc rw
30 21 0:40 / /mnt/team rw - nfs4 server:/team rw
31 21 0:41 / /mnt/office\\040files rw - cifs //server/office rw
32 21 8:17 / /media/ada/STICK rw - vfat /dev/sdb1 rw
33 21 8:33 / /run/media/ada/disk rw - ext4 /dev/sdc1 rw
34 21 0:50 / /home/ada/remote rw - fuse.sshfs ada@server: rw
35 21 0:51 / /home/ada/drive rw - fuse.rclone drive: rw
36 21 0:52 / /mnt/c rw - 9p C:\\134 rw
37 21 8:3 / /home rw - ext4 /dev/sda3 rw
38 21 0:60 / /home/box rw - fuse.fuse-overlayfs overlay rw
39 30 8:4 / /mnt/team/local rw - xfs /dev/sda4 rw
";

#[test]
fn the_mount_tells_disks_of_this_computer_from_others() {
    for (path, place) in [
        ("/home/ada/a.statecraft", Place::Local),
        ("/a.statecraft", Place::Local),
        ("/mnt/teamwork/a.statecraft", Place::Local),
        ("/mnt/team/a.statecraft", Place::Network),
        ("/mnt/team/local/a.statecraft", Place::Local),
        ("/mnt/office files/deep/a.statecraft", Place::Network),
        ("/media/ada/STICK/a.statecraft", Place::Removable),
        ("/run/media/ada/disk/a.statecraft", Place::Removable),
        ("/home/ada/remote/a.statecraft", Place::Network),
        ("/home/ada/drive/x/a.statecraft", Place::Network),
        ("/home/box/a.statecraft", Place::Local),
        ("/mnt/c/Users/ada/a.statecraft", Place::Network),
    ] {
        assert_eq!(by_mount(MOUNTS, Path::new(path)), place, "{path}");
    }
    assert_eq!(by_mount("nonsense\n - \n1 2 3 - x", Path::new("/a")), Place::Local);
}

#[test]
fn the_folders_of_sync_programs_are_known_by_name() {
    for (path, program) in [
        ("/home/ada/Dropbox/a.statecraft", "Dropbox"),
        ("/home/ada/Dropbox (Personal)/deep/a.statecraft", "Dropbox"),
        ("C:/Users/ada/OneDrive - Company/a.statecraft", "OneDrive"),
        ("/home/ada/OneDrive/a.statecraft", "OneDrive"),
        ("/Users/ada/Library/Mobile Documents/x/a.statecraft", "iCloud Drive"),
        ("/Users/ada/Library/CloudStorage/GoogleDrive-ada@example.com/a.statecraft", "a sync program"),
        ("/home/ada/Google Drive/a.statecraft", "Google Drive"),
        ("/home/ada/Nextcloud/a.statecraft", "Nextcloud"),
        ("/home/ada/Syncthing/a.statecraft", "Syncthing"),
    ] {
        assert_eq!(by_names(Path::new(path)), Some(Place::Synced(program)), "{path}");
    }
    assert_eq!(by_names(Path::new(r"\\server\share\a.statecraft")), Some(Place::Network));
    assert_eq!(by_names(Path::new("/Volumes/STICK/a.statecraft")), Some(Place::Removable));
    for path in ["/home/ada/Documents/Dropbox.statecraft", "/home/ada/Dropboxes/a", "/home/ada/a.statecraft"] {
        assert_eq!(by_names(Path::new(path)), None, "{path}");
    }
}

#[test]
fn the_folders_of_sync_programs_are_known_by_what_lies_in_them() {
    for (marker, is_folder, program) in [
        (".dropbox.cache", true, "Dropbox"),
        (".dropbox", false, "Dropbox"),
        (".stfolder", true, "Syncthing"),
        (".sync_0a1b2c.db", false, "Nextcloud"),
        (".owncloudsync.log", false, "ownCloud"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("deep/er");
        fs::create_dir_all(&deep).unwrap();
        let path = deep.join("a.statecraft");
        assert_eq!(Place::of(&path), Place::Local);
        let marker = folder.path().join(marker);
        if is_folder {
            fs::create_dir(&marker).unwrap();
        } else {
            fs::write(&marker, "").unwrap();
        }
        assert_eq!(Place::of(&path), Place::Synced(program), "{}", marker.display());
    }
    // What Dropbox keeps in the home of a user says nothing about the rest of it.
    let home = tempfile::tempdir().unwrap();
    fs::create_dir(home.path().join(".dropbox")).unwrap();
    assert_eq!(Place::of(&home.path().join("a.statecraft")), Place::Local);
}
