//! What faketime leaves behind.

use std::{fs, path::Path};

/// Removes the semaphores and the shared memory of programs that were killed under faketime. They bear the
/// number of a process, and the next program that gets this number would not start.
pub fn tidy_up() {
    let entries = fs::read_dir("/dev/shm").into_iter().flatten().flatten();
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let process = name.contains("faketime_").then(|| name.rsplit('_').next());
        if let Some(Some(process)) = process
            && !Path::new("/proc").join(process).exists()
        {
            // Somebody else may have been faster.
            let _ = fs::remove_file(entry.path());
        }
    }
}
