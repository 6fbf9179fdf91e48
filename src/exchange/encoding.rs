//! From bytes to text. Promises that a file is read in one encoding that fits all of it, or refused; no letter is ever
//! replaced by a question mark. Line ends come out as `\n`, whatever they were.

use std::fmt;
use std::fs::File;
use std::io::{self, Read};

use encoding_rs::{Decoder, DecoderResult, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

use super::ROW_LIMIT;
use super::error::ImportError;
use super::progress::{Stage, Watch};
use super::source::Source;

/// How the letters of a file are written as bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    Utf8,
    /// Little-endian, told by its byte order mark.
    Utf16Le,
    /// Big-endian, told by its byte order mark.
    Utf16Be,
    /// What older Western European spreadsheets write.
    Windows1252,
}

impl Encoding {
    /// Reads the whole file, as one row in another encoding may stand anywhere.
    pub(super) fn detect(source: &Source, watch: &mut Watch) -> Result<Self, ImportError> {
        let mut start = [0; 2];
        let filled = fill(&mut source.open()?, &mut start).map_err(|error| source.problem(&error))?;
        match &start[..filled] {
            [0xFF, 0xFE] => check(source, Self::Utf16Le, watch),
            [0xFE, 0xFF] => check(source, Self::Utf16Be, watch),
            _ => tell_apart(source, watch),
        }
    }

    fn decoder(self) -> Decoder {
        match self {
            Self::Utf8 => UTF_8,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
            Self::Windows1252 => WINDOWS_1252,
        }
        .new_decoder_with_bom_removal()
    }
}

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16Le => "UTF-16 (little-endian)",
            Self::Utf16Be => "UTF-16 (big-endian)",
            Self::Windows1252 => "Windows-1252",
        })
    }
}

const CHUNK: usize = 64 << 10;

/// Reads until `buffer` is full or the file ends.
fn fill(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match file.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(read) => filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Reads a file whose byte order mark names its encoding, to see that all of it fits.
fn check(source: &Source, encoding: Encoding, watch: &mut Watch) -> Result<Encoding, ImportError> {
    let mut text = Text::open(source, encoding)?;
    let mut line = 1;
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = match text.read(&mut chunk) {
            Ok(0) => return Ok(encoding),
            Ok(read) => &chunk[..read],
            Err(_) if text.flaw == Some(Flaw::Broken) => {
                return Err(ImportError::BrokenText { file: source.name(), line, encoding });
            }
            Err(error) => return Err(source.problem(&error)),
        };
        text.row_done();
        let zero = read.iter().position(|byte| *byte == 0);
        line += count(&read[..zero.unwrap_or(read.len())], b'\n');
        if zero.is_some() {
            return Err(ImportError::Binary { file: source.name(), line });
        }
        watch.step(Stage::Checking, text.bytes, 0)?;
    }
}

/// UTF-8 if all of it is; Windows-1252 if nothing in it looks like UTF-8 beyond ASCII.
fn tell_apart(source: &Source, watch: &mut Watch) -> Result<Encoding, ImportError> {
    let mut file = source.open()?;
    let mut chunk = vec![0; CHUNK];
    // Bytes of a letter that the end of the chunk cut in two stay at its front.
    let mut kept = 0;
    let mut offset = 0;
    let mut multibyte = false;
    let mut invalid: Option<u64> = None;
    loop {
        let read = fill(&mut file, &mut chunk[kept..]).map_err(|error| source.problem(&error))?;
        let filled = kept + read;
        if let Some(zero) = chunk[..filled].iter().position(|byte| *byte == 0) {
            let line = line_at(source, offset + zero as u64)?;
            return Err(ImportError::Binary { file: source.name(), line });
        }
        let mut rest = &chunk[..filled];
        kept = 0;
        while !rest.is_empty() {
            let error = match std::str::from_utf8(rest) {
                Ok(text) => {
                    multibyte |= !text.is_ascii();
                    break;
                }
                Err(error) => error,
            };
            let valid = error.valid_up_to();
            multibyte |= !rest[..valid].is_ascii();
            match error.error_len() {
                None if read > 0 => {
                    kept = rest.len() - valid;
                    break;
                }
                length => {
                    invalid.get_or_insert(offset + (filled - rest.len() + valid) as u64);
                    rest = &rest[(valid + length.unwrap_or(rest.len())).min(rest.len())..];
                }
            }
        }
        if let (true, Some(invalid)) = (multibyte, invalid) {
            return Err(ImportError::MixedEncoding { file: source.name(), line: line_at(source, invalid)? });
        }
        if read == 0 {
            return Ok(if invalid.is_some() { Encoding::Windows1252 } else { Encoding::Utf8 });
        }
        chunk.copy_within(filled - kept..filled, 0);
        offset += (filled - kept) as u64;
        watch.step(Stage::Checking, offset, 0)?;
    }
}

/// The line, from 1, of the byte at `offset`.
fn line_at(source: &Source, offset: u64) -> Result<u64, ImportError> {
    let mut before = source.open()?.take(offset);
    let mut chunk = vec![0; CHUNK];
    let (mut line, mut after_return) = (1, false);
    loop {
        let read = match before.read(&mut chunk) {
            Ok(0) => return Ok(line),
            Ok(read) => &chunk[..read],
            Err(error) => return Err(source.problem(&error)),
        };
        for byte in read {
            // A return with a line feed ends one line, not two.
            line += u64::from(*byte == b'\r' || (*byte == b'\n' && !after_return));
            after_return = *byte == b'\r';
        }
    }
}

fn count(bytes: &[u8], wanted: u8) -> u64 {
    bytes.iter().map(|byte| u64::from(*byte == wanted)).sum()
}

/// Why a [`Text`] stopped before its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    Broken,
    LongRow,
}

/// A file as UTF-8 with `\n` line ends and without its byte order mark.
pub(super) struct Text {
    file: File,
    decoder: Decoder,
    raw: Vec<u8>,
    /// The part of `raw` that is not decoded yet.
    pending: std::ops::Range<usize>,
    decoded: Vec<u8>,
    ready: std::ops::Range<usize>,
    after_return: bool,
    ended: bool,
    since_row: u64,
    /// Bytes of the file that were read so far.
    pub(super) bytes: u64,
    pub(super) flaw: Option<Flaw>,
}

impl Text {
    pub(super) fn open(source: &Source, encoding: Encoding) -> Result<Self, ImportError> {
        Ok(Self {
            file: source.open()?,
            decoder: encoding.decoder(),
            raw: vec![0; CHUNK],
            pending: 0..0,
            decoded: vec![0; CHUNK],
            ready: 0..0,
            after_return: false,
            ended: false,
            since_row: 0,
            bytes: 0,
            flaw: None,
        })
    }

    /// A row has been taken, so that its length no longer counts towards the limit.
    pub(super) fn row_done(&mut self) {
        self.since_row = 0;
    }

    fn stop(&mut self, flaw: Flaw) -> io::Error {
        self.flaw = Some(flaw);
        io::Error::from(io::ErrorKind::InvalidData)
    }

    /// Decodes until something is ready or the file has ended.
    fn decode(&mut self) -> io::Result<()> {
        while self.ready.is_empty() && !self.ended {
            if self.flaw == Some(Flaw::Broken) {
                return Err(self.stop(Flaw::Broken));
            }
            let last = if self.pending.is_empty() {
                let read = fill(&mut self.file, &mut self.raw)?;
                self.pending = 0..read;
                self.bytes += read as u64;
                read == 0
            } else {
                false
            };
            let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(
                &self.raw[self.pending.clone()],
                &mut self.decoded,
                last,
            );
            self.pending.start += read;
            self.ready = 0..written;
            match result {
                // What was read before the flaw still comes out, so that its row can be told.
                DecoderResult::Malformed(..) => self.flaw = Some(Flaw::Broken),
                DecoderResult::InputEmpty => self.ended = last,
                DecoderResult::OutputFull => {}
            }
        }
        Ok(())
    }
}

impl Read for Text {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut written = 0;
        while written == 0 && !buffer.is_empty() {
            self.decode()?;
            let ready = &self.decoded[self.ready.clone()];
            if ready.is_empty() {
                break;
            }
            let part = &ready[..ready.len().min(buffer.len())];
            if !self.after_return && !part.contains(&b'\r') {
                buffer[..part.len()].copy_from_slice(part);
                written = part.len();
            } else {
                for byte in part {
                    if *byte != b'\n' || !self.after_return {
                        buffer[written] = if *byte == b'\r' { b'\n' } else { *byte };
                        written += 1;
                    }
                    self.after_return = *byte == b'\r';
                }
            }
            self.ready.start += part.len();
        }
        self.since_row += written as u64;
        if self.since_row > ROW_LIMIT {
            return Err(self.stop(Flaw::LongRow));
        }
        Ok(written)
    }
}
