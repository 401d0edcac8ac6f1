//! `cargo demo --shell`: the person's own shell, in the private home.

use std::sync::Arc;

use crate::{child::Interrupt, private_home::PrivateHome, say::Voice, trouble::Trouble};

/// Shells are a thing of Unix here.
#[cfg(not(unix))]
pub fn open(_: &Arc<PrivateHome>, _: Voice, _: &Interrupt) -> Result<(), Trouble> {
    Err(Trouble::io("cannot open the shell")(
        std::io::ErrorKind::Unsupported.into(),
    ))
}

/// Opens the shell, and returns when it has ended.
///
/// # Errors
/// When the home cannot be furnished, no shell can be started, or a signal asks for the end.
#[cfg(unix)]
pub fn open(home: &Arc<PrivateHome>, voice: Voice, interrupt: &Interrupt) -> Result<(), Trouble> {
    unix::open(home, voice, interrupt)
}

#[cfg(unix)]
mod unix {
    use std::{
        env,
        ffi::{OsStr, OsString},
        fs, io,
        os::unix::fs::{PermissionsExt, symlink},
        process::Command,
        sync::Arc,
    };

    use crate::{
        child::{self, Interrupt},
        control,
        private_home::PrivateHome,
        say::{self, Voice},
        trouble::Trouble,
    };

    /// The start-up files of the shells that people have; each reads its own.
    const START_UP_FILES: [(&str, &str); 4] = [
        (".bashrc", r"PS1='(daypass demo) \w \$ '"),
        (".zshrc", "PROMPT='(daypass demo) %~ %# '"),
        // sh reads what ENV names.
        (".shrc", "PS1='(daypass demo) $ '"),
        (
            ".config/fish/config.fish",
            "set -g fish_greeting\n\
             function fish_prompt\n    echo -n '(daypass demo) '(prompt_pwd)' > '\nend",
        ),
    ];

    /// Where fish 3 and fish 4 look for the completions that they have made.
    const FISH_COMPLETIONS: [&str; 2] = [
        ".local/share/fish/generated_completions",
        ".cache/fish/generated_completions",
    ];

    /// What would lead out of the private home: to the person's own files, shell settings and
    /// keychain.
    const REMOVED: [&str; 12] = [
        "BASH_ENV",
        "CARGO",
        "DBUS_SESSION_BUS_ADDRESS",
        "HISTFILE",
        "PROMPT_COMMAND",
        "PS1",
        "XDG_CACHE_HOME",
        "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "XDG_RUNTIME_DIR",
        "XDG_STATE_HOME",
        "ZDOTDIR",
    ];
    const REMOVED_PREFIXES: [&str; 4] = ["AWS_", "BOTO_", "CARGO_", "DAYPASS_"];

    pub fn open(
        home: &Arc<PrivateHome>,
        voice: Voice,
        interrupt: &Interrupt,
    ) -> Result<(), Trouble> {
        let path = furnish(home).map_err(Trouble::io("cannot furnish the private home"))?;
        let address = control::serve(home).map_err(Trouble::io("cannot listen on 127.0.0.1"))?;
        let shell = env::var_os("SHELL").filter(|shell| !shell.is_empty());
        let shell = shell.unwrap_or_else(|| "sh".into());

        card(voice);
        let start = |shell: &OsStr| {
            let mut command = Command::new(shell);
            for (name, _) in env::vars_os() {
                let text = name.to_string_lossy();
                let has = |prefix: &&str| text.starts_with(*prefix);
                if REMOVED.contains(&&*text) || REMOVED_PREFIXES.iter().any(has) {
                    command.env_remove(&name);
                }
            }
            command
                .envs(home.environment())
                .env("AWS_PROFILE", "work")
                .env("PATH", &path)
                .env("ENV", home.path.join(".shrc"))
                .env("SHELL", shell)
                .env(control::ADDRESS, &address)
                .current_dir(&home.path)
                .spawn()
        };
        let mut child = start(&shell)
            .or_else(|_| start(OsStr::new("sh")))
            .map_err(Trouble::io("cannot start a shell"))?;
        child::wait_for_shell(&mut child, interrupt)?;
        voice.note("The private home and its AWS are gone.");
        Ok(())
    }

    /// Writes the start-up files and the commands, and returns the `PATH` that finds them first.
    fn furnish(home: &PrivateHome) -> io::Result<OsString> {
        for (file, text) in START_UP_FILES {
            let file = home.path.join(file);
            if let Some(directory) = file.parent() {
                fs::create_dir_all(directory)?;
            }
            fs::write(file, format!("{text}\n"))?;
        }
        // Without these, fish begins to read all manual pages, and is still writing when it has ended.
        for directory in FISH_COMPLETIONS {
            fs::create_dir_all(home.path.join(directory))?;
        }
        let programs = home.path.join(".local/bin");
        fs::create_dir_all(&programs)?;
        symlink(&home.daypass, programs.join("daypass"))?;
        let demo = env::current_exe()?;
        for name in control::COMMANDS {
            let demo = demo.display().to_string().replace('\'', r"'\''");
            let script = format!("#!/bin/sh\nexec '{demo}' control {name} \"$@\"\n");
            let file = programs.join(name);
            fs::write(&file, script)?;
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755))?;
        }
        let rest = env::var_os("PATH").unwrap_or_default();
        env::join_paths([programs].into_iter().chain(env::split_paths(&rest)))
            .map_err(io::Error::other)
    }

    /// What there is to try.
    fn card(voice: Voice) {
        voice.heading("daypass, for you to try");
        say::write("\n");
        voice.tell(
            "You are Ada, in a home directory of this demo's own, and AWS is played by a small \
             server on this machine. 'exit' leaves, and nothing stays.",
        );
        let aws = is_on_path("aws");
        let mut commands = vec![
            ("code", "the six digits that your phone shows now"),
            ("daypass login", "log in: it asks for those digits"),
            ("daypass status", "until when the login is good"),
        ];
        if aws {
            commands.push(("aws sts get-caller-identity", "who you are, says AWS"));
            commands.push(("aws iam list-account-aliases", "refused without a login"));
        }
        commands.extend([
            ("later 7h45m", "let time pass: the end comes near"),
            ("later 8h05m", "let time pass: the login is over"),
            ("sandbox-log", "every call that AWS has got"),
            ("exit", "leave"),
        ]);
        for (command, what) in commands {
            voice.entry(command, what);
        }
        say::write("\n");
    }

    fn is_on_path(program: &str) -> bool {
        let path = env::var_os("PATH").unwrap_or_default();
        env::split_paths(&path).any(|directory| directory.join(program).is_file())
    }
}
