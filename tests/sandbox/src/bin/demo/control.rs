//! The commands inside the shell: `code`, `later`, `sandbox-log`.
//!
//! They are scripts that run this program, which asks the one that holds the sandbox: one line of
//! words there; back come lines that begin with where they belong: `>` stdout, `~` stderr, `!`
//! stderr and a failure.

use std::{
    env,
    io::{self, BufRead, BufReader, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    process::ExitCode,
    sync::Arc,
    thread,
    time::Duration,
};

use crate::{private_home::PrivateHome, say};

/// Where the address is told.
pub const ADDRESS: &str = "DAYPASS_DEMO";

/// The commands.
pub const COMMANDS: [&str; 3] = ["code", "later", "sandbox-log"];

/// More would be before anything was there.
const LONGEST_WAIT: Duration = Duration::from_secs(7 * 24 * 3_600);

/// Answers the commands from now on, and returns the address.
pub fn serve(home: &Arc<PrivateHome>) -> io::Result<String> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?.to_string();
    let home = Arc::clone(home);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let home = Arc::clone(&home);
            // One that waits for a code keeps no others waiting.
            thread::spawn(move || answer(&home, stream));
        }
    });
    Ok(address)
}

fn answer(home: &PrivateHome, mut stream: TcpStream) -> io::Result<()> {
    let mut line = String::new();
    BufReader::new(stream.try_clone()?).read_line(&mut line)?;
    let words: Vec<_> = line.split_whitespace().collect();
    match words[..] {
        ["code"] => code(home, &mut stream),
        ["later", duration] => match humantime::parse_duration(duration) {
            Ok(duration) if duration <= LONGEST_WAIT => {
                let said = match home.later(duration) {
                    Ok(()) => format!(
                        ">It is {} later: every date, in ~/.aws and at AWS, was moved back.",
                        humantime::format_duration(duration)
                    ),
                    Err(error) => format!("!cannot move the dates: {error}"),
                };
                writeln!(stream, "{said}")
            }
            Ok(_) => writeln!(stream, "!a week is the most that can pass at once"),
            Err(_) => writeln!(stream, "!'{duration}' is no duration: write 8h05m or 20m"),
        },
        ["later", ..] => writeln!(stream, "!usage: later DURATION, such as 8h05m or 20m"),
        ["sandbox-log"] => log(home, &mut stream),
        _ => writeln!(stream, "!usage: {}", words.first().unwrap_or(&"code")),
    }
}

fn code(home: &PrivateHome, stream: &mut TcpStream) -> io::Result<()> {
    let mut told = false;
    loop {
        match home.code() {
            Ok(code) => return writeln!(stream, ">{code}"),
            Err(wait) if !told => {
                let seconds = wait.as_secs();
                writeln!(
                    stream,
                    "~a code is good once; the next one comes in {seconds} s ..."
                )?;
                told = true;
            }
            Err(_) => thread::sleep(Duration::from_millis(100)),
        }
    }
}

fn log(home: &PrivateHome, stream: &mut TcpStream) -> io::Result<()> {
    let calls = home.sandbox.log();
    if calls.is_empty() {
        return writeln!(stream, ">AWS has not been called yet.");
    }
    for call in calls {
        let key = match call.access_key_id.get(..4) {
            Some("AKIA") => "with the access key",
            Some("ASIA") => "with a session",
            _ => "not signed",
        };
        writeln!(stream, ">{:24}  {key:19}  {}", call.action, call.outcome)?;
    }
    Ok(())
}

/// Asks the program that holds the sandbox, and prints what it says.
pub fn ask(words: &[String]) -> ExitCode {
    let Ok(address) = env::var(ADDRESS) else {
        say::remark("demo: error: this works inside of 'cargo demo --shell' only\n");
        return ExitCode::from(2);
    };
    match converse(&address, words) {
        Ok(exit) => exit,
        Err(error) => {
            say::remark(&format!("demo: error: the demo does not answer: {error}\n"));
            ExitCode::FAILURE
        }
    }
}

fn converse(address: &str, words: &[String]) -> io::Result<ExitCode> {
    let mut stream = TcpStream::connect(address)?;
    writeln!(stream, "{}", words.join(" "))?;
    let mut exit = ExitCode::SUCCESS;
    for line in BufReader::new(stream).lines() {
        let line = line?;
        match line.split_at_checked(1) {
            Some((">", text)) => say::write(&format!("{text}\n")),
            Some(("~", text)) => say::remark(&format!("{text}\n")),
            Some((_, text)) => {
                say::remark(&format!("{text}\n"));
                exit = ExitCode::FAILURE;
            }
            None => {}
        }
    }
    Ok(exit)
}
