mod readers;

use super::{Command, StatusCode, response_parameters};

#[test]
fn an_answer_is_a_status_and_parameters() {
    assert_eq!(response_parameters(&[0, 0xa0]), Ok(&[0xa0][..]));
    assert_eq!(response_parameters(&[0x2e]), Err(StatusCode::NoCredentials));
    assert_eq!(response_parameters(&[0xf3]), Err(StatusCode::Unknown(0xf3)));
    assert_eq!(response_parameters(&[]), Err(StatusCode::InvalidLength));
}

#[test]
fn bytes_and_names_agree_both_ways() {
    for status in StatusCode::ALL {
        assert_eq!(StatusCode::from_byte(status.byte()), *status);
    }
    for byte in 0..=u8::MAX {
        assert_eq!(StatusCode::from_byte(byte).byte(), byte);
        assert!(Command::from_number(byte).is_none_or(|command| command.number() == byte));
    }
}

#[test]
fn commands_without_parameters_are_their_byte() {
    let commands = [
        (Command::GetInfo, 0x04),
        (Command::Reset, 0x07),
        (Command::GetNextAssertion, 0x08),
        (Command::Selection, 0x0b),
    ];
    for (command, byte) in commands {
        assert_eq!(command.message(&[]), [byte]);
        assert_eq!(Command::from_number(byte), Some(command));
    }
}

#[test]
fn every_command_has_the_byte_that_ctap_gives_it() {
    let bytes: Vec<_> = Command::ALL.iter().map(|command| command.number()).collect();
    assert_eq!(bytes, [0x01, 0x02, 0x04, 0x06, 0x07, 0x08, 0x0a, 0x0b, 0x0c, 0x0d]);
}

/// CTAP §8.2, those that came with the commands after CTAP 2.0.
#[test]
fn statuses_have_the_numbers_that_ctap_gives_them() {
    let numbers = [
        (StatusCode::InvalidSeq, 0x04),
        (StatusCode::LargeBlobStorageFull, 0x18),
        (StatusCode::PuatRequired, 0x36),
        (StatusCode::UvBlocked, 0x3c),
        (StatusCode::IntegrityFailure, 0x3d),
        (StatusCode::InvalidSubcommand, 0x3e),
        (StatusCode::UvInvalid, 0x3f),
        (StatusCode::UnauthorizedPermission, 0x40),
    ];
    for (status, byte) in numbers {
        assert_eq!(status.byte(), byte);
    }
}
