//! Waiting for something no longer than is sensible.

use std::{
    sync::mpsc::{self, Receiver, Sender},
    thread,
    time::Duration,
};

/// Work on a thread of its own, which nobody has to wait for: it may hang in another program.
pub struct Work<T> {
    news: Receiver<News<T>>,
}

/// Work was given up, after it had been waited for this long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TookTooLong(pub Duration);

enum News<T> {
    Begun,
    Done(T),
}

/// By which the work says that it has got past its first step.
pub struct Begun<T>(Sender<News<T>>);

impl<T> Begun<T> {
    /// Says so.
    pub fn tell(&self) {
        // Nobody may be waiting any more.
        let _ = self.0.send(News::Begun);
    }
}

impl<T: Send + 'static> Work<T> {
    /// Starts the work. It goes on to its end even if it is given up; the end of the program ends it.
    pub fn start(work: impl FnOnce(&Begun<T>) -> T + Send + 'static) -> Self {
        let (sender, news) = mpsc::channel();
        thread::spawn(move || {
            let begun = Begun(sender);
            let result = work(&begun);
            let _ = begun.0.send(News::Done(result));
        });
        Work { news }
    }

    /// Waits for the result: until it begins, then until it is done.
    ///
    /// `slow` is called once if the work has begun and is not done within a second: somebody may have to
    /// be told what they are waiting for.
    ///
    /// # Errors
    /// [`TookTooLong`] if either does.
    pub fn wait(
        self,
        beginning: Duration,
        end: Duration,
        slow: impl FnOnce(),
    ) -> Result<T, TookTooLong> {
        const SOON: Duration = Duration::from_secs(1);
        match self.news.recv_timeout(beginning) {
            Ok(News::Done(result)) => return Ok(result),
            Ok(News::Begun) => {}
            Err(_) => return Err(TookTooLong(beginning)),
        }
        if let Ok(News::Done(result)) = self.news.recv_timeout(SOON.min(end)) {
            return Ok(result);
        }
        slow();
        match self.news.recv_timeout(end.saturating_sub(SOON)) {
            Ok(News::Done(result)) => Ok(result),
            _ => Err(TookTooLong(end)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    const LONG: Duration = Duration::from_secs(60);

    #[test]
    fn quick_work_is_waited_for_in_silence() {
        let work = Work::start(|begun| {
            begun.tell();
            42
        });
        assert_eq!(work.wait(LONG, LONG, || panic!("not slow")), Ok(42));
        assert_eq!(Work::start(|_| 42).wait(LONG, LONG, || ()), Ok(42));
    }

    #[test]
    fn work_that_does_not_begin_or_end_is_given_up() {
        let started = Instant::now();
        let never: Work<()> = Work::start(|_| thread::sleep(LONG));
        let limit = Duration::from_millis(50);
        assert_eq!(never.wait(limit, LONG, || ()), Err(TookTooLong(limit)));
        let never: Work<()> = Work::start(|begun| {
            begun.tell();
            thread::sleep(LONG);
        });
        let mut is_told = false;
        assert_eq!(
            never.wait(LONG, limit, || is_told = true),
            Err(TookTooLong(limit))
        );
        assert!(is_told);
        assert!(started.elapsed() < Duration::from_secs(10));
    }
}
