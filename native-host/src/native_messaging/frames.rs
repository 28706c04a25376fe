//! Frames on the browser's pipes: a length of four bytes in the machine's own order, then that many bytes of JSON.

use std::io::{self, ErrorKind, Read, Write};

use ::native_messaging::host::{NmError, decode_message_opt, send_json};
use protocol::native_message::{Body, Error, ErrorCode, FromHost, ToHost};

/// Longest JSON text we take from the browser, in bytes. A browser may send 64 MiB; the longest CTAP message that the authenticator
/// takes ([`crate::authenticator::MAX_MSG_SIZE`]) fits in base64url.
pub const MAX_FROM_BROWSER: usize = 2 << 20;

/// What one read of the pipe gave.
#[derive(Debug, PartialEq)]
pub(super) enum Frame {
    /// A message.
    Message(ToHost),
    /// A frame that is no message, and the reply to it. The pipe stands at the next frame.
    Unreadable(FromHost),
    /// The browser has closed the pipe.
    End,
}

/// Reads one frame, whatever it holds; after a frame that cannot be read the pipe stands at the next one.
///
/// # Errors
/// Only where the pipe itself fails.
pub(super) fn read(input: &mut impl Read) -> io::Result<Frame> {
    loop {
        return match decode_message_opt(input, MAX_FROM_BROWSER) {
            Ok(Some(text)) => Ok(message(&text)),
            Ok(None) => Ok(Frame::End),
            Err(NmError::IncomingTooLarge { len, .. }) => skip(input, len),
            Err(NmError::IncomingNotUtf8(_)) => Ok(unreadable(
                ErrorCode::BadMessage,
                "The message is not UTF-8 text. Reload the extension, and update it and the host to the same version.",
            )),
            Err(NmError::Io(error)) if error.kind() == ErrorKind::Interrupted => continue,
            Err(NmError::Io(error)) if error.kind() == ErrorKind::UnexpectedEof => {
                Ok(unreadable(ErrorCode::BadMessage, "The message ended before its length was reached. Send it again."))
            }
            Err(NmError::Io(error)) => Err(error),
            Err(other) => Err(io::Error::other(other)),
        };
    }
}

/// Writes one reply as one frame. A reply over the browser's limit (1 MiB) is replaced by an error of the same id, because a
/// browser closes the pipe on a larger one.
///
/// # Errors
/// Where the pipe fails.
pub(super) fn write(output: &mut impl Write, reply: &FromHost) -> io::Result<()> {
    match send_json(output, reply) {
        Ok(()) => Ok(()),
        Err(NmError::OutgoingTooLarge { .. }) => {
            let error =
                Error::new(ErrorCode::TooLarge, "The answer is larger than a browser takes. Ask for less at a time.");
            let reply = FromHost { id: reply.id, body: Body::Error(error) };
            send_json(output, &reply).map_err(into_io)
        }
        Err(other) => Err(into_io(other)),
    }
}

fn message(text: &str) -> Frame {
    match ToHost::from_json(text) {
        Ok(message) => Frame::Message(message),
        Err(reply) => Frame::Unreadable(reply),
    }
}

/// Drops the `length` bytes of a frame that is too large, without holding them.
fn skip(input: &mut impl Read, length: usize) -> io::Result<Frame> {
    let length = u64::try_from(length).unwrap_or(u64::MAX);
    io::copy(&mut input.take(length), &mut io::sink())?;
    Ok(unreadable(ErrorCode::TooLarge, "The message is larger than Keystow takes (2 MiB). Send a smaller one."))
}

fn unreadable(code: ErrorCode, message: &str) -> Frame {
    Frame::Unreadable(FromHost { id: None, body: Body::Error(Error::new(code, message)) })
}

fn into_io(error: NmError) -> io::Error {
    match error {
        NmError::Io(error) => error,
        other => io::Error::other(other),
    }
}

#[cfg(test)]
mod tests;
