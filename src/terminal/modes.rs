//! The terminal's modes while a question stands, and what interrupts it.

#[cfg(unix)]
pub(crate) use unix::{
    Interruptions, end_questions, is_in_background_of, leave_signals, owns_terminal,
    take_signals_back, write_in_background,
};
#[cfg(unix)]
pub(super) use unix::{Unbuffered, is_in_foreground};

#[cfg(unix)]
mod unix {
    use std::{
        fs::File,
        io::{self, Read, Write},
        os::unix::net::UnixStream,
        sync::{
            Arc, OnceLock,
            atomic::{AtomicBool, Ordering},
        },
    };

    use nix::sys::signal::{SigSet, SigmaskHow, Signal};
    use rustix::{
        process::{getpgrp, getsid},
        termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios},
    };
    use signal_hook::{
        consts::{SIGHUP, SIGINT, SIGQUIT, SIGTERM},
        flag, low_level,
    };

    use crate::signals;

    /// Whether this process may read from its terminal.
    pub(crate) fn is_in_foreground(terminal: &File) -> bool {
        rustix::termios::tcgetpgrp(terminal).is_ok_and(|foreground| foreground == getpgrp())
    }

    /// Whether this is the terminal that this process was started on, and somebody else has it now: the
    /// kernel stops whoever reads from it, and every program that is started for it.
    pub(crate) fn is_in_background_of(terminal: &File) -> bool {
        let is_ours = rustix::termios::tcgetsid(terminal).ok() == getsid(None).ok();
        is_ours && !is_in_foreground(terminal)
    }

    /// Whether this process has a terminal, and is in its foreground.
    pub(crate) fn owns_terminal() -> bool {
        File::open("/dev/tty").is_ok_and(|terminal| is_in_foreground(&terminal))
    }

    /// Keys arrive one by one, unechoed and without signals, until this is dropped.
    ///
    /// Ctrl-C arrives as a key as well: it has to cancel the question for everybody who waits for its
    /// answer, and to leave the terminal as it was.
    pub(crate) struct Unbuffered {
        terminal: File,
        before: Termios,
    }

    impl Unbuffered {
        pub(crate) fn start(terminal: &File) -> io::Result<Self> {
            let before = rustix::termios::tcgetattr(terminal)?;
            let mut modes = before.clone();
            modes.local_modes -= LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG;
            modes.special_codes[SpecialCodeIndex::VMIN] = 1;
            modes.special_codes[SpecialCodeIndex::VTIME] = 0;
            // Drain and not Flush: what was typed ahead may be the code.
            rustix::termios::tcsetattr(terminal, OptionalActions::Drain, &modes)?;
            Ok(Unbuffered {
                terminal: terminal.try_clone()?,
                before,
            })
        }
    }

    impl Drop for Unbuffered {
        fn drop(&mut self) {
            // Interruptions are still being watched for, so this works even if the shell has taken the
            // terminal back meanwhile. It must get its modes all the same.
            let _ = rustix::termios::tcsetattr(&self.terminal, OptionalActions::Now, &self.before);
        }
    }

    /// Whether no question may stand any more.
    static QUESTIONS_ARE_OVER: AtomicBool = AtomicBool::new(false);

    /// Whether somebody else sees to the signals while no question stands.
    static SIGNALS_ARE_LEFT: AtomicBool = AtomicBool::new(false);

    /// Ends the question that stands, if one does, and every later one before it is put: the program is
    /// about to end, and the terminal is to have its modes back.
    pub(crate) fn end_questions() {
        QUESTIONS_ARE_OVER.store(true, Ordering::Relaxed);
        if let Some(signals) = SIGNALS.get() {
            // Whoever waits for a key looks around by itself before long.
            let _ = (&signals.sender).write(b"x");
        }
    }

    /// Lets this thread write to a terminal that is somebody else's at the moment, even where `stty tostop`
    /// has whoever does that stopped: the rest of this process has others to serve.
    pub(crate) fn write_in_background() {
        let _ = SigSet::from(Signal::SIGTTOU).thread_block();
    }

    /// Lets questions end by signals, and leaves to somebody else what signals do otherwise: this program
    /// has a child that they are for.
    pub(crate) fn leave_signals() {
        SIGNALS_ARE_LEFT.store(true, Ordering::Relaxed);
        if let Some(signals) = SIGNALS.get() {
            signals.no_question_stands.store(false, Ordering::Relaxed);
        }
    }

    /// Lets signals do again what they always do while no question stands.
    pub(crate) fn take_signals_back() {
        SIGNALS_ARE_LEFT.store(false, Ordering::Relaxed);
        if let Some(signals) = SIGNALS.get() {
            signals.no_question_stands.store(true, Ordering::Relaxed);
        }
    }

    /// The signals that end a question. They are registered once: one that was unregistered would be
    /// ignored from then on. One that was ignored from the beginning stays so, here and in the program that
    /// may take this one's place.
    struct Signals {
        /// Becomes readable when one arrives.
        arrived: UnixStream,
        sender: UnixStream,
        /// While no question stands, they do what they always do.
        no_question_stands: Arc<AtomicBool>,
    }

    static SIGNALS: OnceLock<Signals> = OnceLock::new();

    impl Signals {
        fn register() -> io::Result<Self> {
            let (arrived, sender) = UnixStream::pair()?;
            arrived.set_nonblocking(true)?;
            let no_question_stands = Arc::new(AtomicBool::new(false));
            for signal in [SIGHUP, SIGINT, SIGQUIT, SIGTERM] {
                if signals::is_ignored(signal) {
                    continue;
                }
                flag::register_conditional_default(signal, Arc::clone(&no_question_stands))?;
                low_level::pipe::register(signal, sender.try_clone()?)?;
            }
            Ok(Signals {
                arrived,
                sender,
                no_question_stands,
            })
        }
    }

    /// What ends a question from outside: a signal, or the loss of the terminal.
    ///
    /// While it is watched for, the kernel does not stop this process for touching a terminal that has
    /// become somebody else's: it would stay stopped with others waiting behind it. It is told so with
    /// an error instead.
    pub(crate) struct Interruptions {
        signals: &'static Signals,
        /// What was blocked before.
        blocked: SigSet,
    }

    impl Interruptions {
        pub(crate) fn watch() -> io::Result<Self> {
            let signals = match SIGNALS.get() {
                Some(signals) => signals,
                None => {
                    let signals = Signals::register()?;
                    SIGNALS.get_or_init(|| signals)
                }
            };
            signals.no_question_stands.store(false, Ordering::Relaxed);
            // What arrived before the question does not end it.
            while matches!((&signals.arrived).read(&mut [0; 64]), Ok(1..)) {}
            // Unless none may stand any more: whoever asks through another program looks at nothing else.
            if QUESTIONS_ARE_OVER.load(Ordering::Relaxed) {
                let _ = (&signals.sender).write(b"x");
            }
            let stops = SigSet::from_iter([Signal::SIGTTIN, Signal::SIGTTOU]);
            let blocked = stops.thread_swap_mask(SigmaskHow::SIG_BLOCK)?;
            Ok(Interruptions { signals, blocked })
        }

        /// Becomes readable when a signal arrives.
        pub(crate) fn signals(&self) -> &UnixStream {
            &self.signals.arrived
        }

        /// Whether the terminal has another process group in its foreground: the shell, when the AWS
        /// tool that ran this one has ended.
        pub(crate) fn terminal_is_lost(&self, terminal: &File) -> bool {
            QUESTIONS_ARE_OVER.load(Ordering::Relaxed) || !is_in_foreground(terminal)
        }
    }

    impl Drop for Interruptions {
        fn drop(&mut self) {
            let is_ours = !SIGNALS_ARE_LEFT.load(Ordering::Relaxed);
            self.signals
                .no_question_stands
                .store(is_ours, Ordering::Relaxed);
            let _ = self.blocked.thread_set_mask();
        }
    }
}
