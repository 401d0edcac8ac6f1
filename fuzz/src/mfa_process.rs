//! `mfa_process`: what it printed, and its command line.
//!
//! Input: what was printed; `---`; the command line.

use daypass::{
    failure::Failure,
    mfa::{
        process::{ProcessError, parse_output, split},
        source::CodeError,
    },
    session::SessionError,
};

use super::{input, shown};

/// Checks one input.
pub fn check(bytes: &[u8]) {
    let [printed, command_line] = input::parts(bytes);
    if let Ok(code) = parse_output(printed) {
        assert!(printed.len() <= 1_024, "read without an end");
        // Not one character of what was printed is passed over but white space and dashes.
        let text = std::str::from_utf8(printed).expect("a code of bytes that are no text");
        let rest = text.replace(
            |character: char| character.is_whitespace() || character == '-',
            "",
        );
        assert_eq!(code.digits(), rest);
        assert!(
            rest.len() == 6 && rest.bytes().all(|byte| byte.is_ascii_digit()),
            "{rest:?}"
        );
    }
    let Ok(command_line) = std::str::from_utf8(command_line) else {
        return;
    };
    match split(command_line) {
        Ok((program, arguments)) => words(program, arguments, printed),
        Err(error) => failure(error, false),
    }
}

fn words(program: String, arguments: Vec<String>, printed: &[u8]) {
    let words = || std::iter::once(&program).chain(&arguments);
    // A shell's words, quoted for a shell, are the same words.
    if let Ok(line) = shlex::try_join(words().map(String::as_str)) {
        let (program_again, arguments_again) = split(&line).expect("the words, quoted");
        assert_eq!(
            (&program_again, &arguments_again),
            (&program, &arguments),
            "{line:?}"
        );
    }
    if let Err(source) = parse_output(printed) {
        let may_show = shown::is_secret(&program);
        failure(ProcessError::NotACode { program, source }, may_show);
    }
}

fn failure(error: ProcessError, may_show: bool) {
    shown::unless_secret(&format!("{error:?}"), may_show);
    let error = SessionError::Code(CodeError::Process(error));
    shown::failure(&Failure::Session(error), may_show);
}
