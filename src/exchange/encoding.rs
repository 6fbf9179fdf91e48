//! From bytes to text. Promises that a file is read in one encoding that fits all of it, or refused; no letter is ever
//! replaced by a question mark. Line ends come out as `\n`, whatever they were.

use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek as _};

use encoding_rs::{Decoder, DecoderResult, UTF_16BE, UTF_16LE, WINDOWS_1252};

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

    /// `None` for what needs none.
    fn decoder(self) -> Option<Decoder> {
        let encoding = match self {
            Self::Utf8 => return None,
            Self::Utf16Le => UTF_16LE,
            Self::Utf16Be => UTF_16BE,
            Self::Windows1252 => WINDOWS_1252,
        };
        Some(encoding.new_decoder_with_bom_removal())
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
        if chunk[..filled].contains(&0) {
            let zero = chunk[..filled].iter().take_while(|byte| **byte != 0).count();
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
    form: Form,
    after_return: bool,
    since_row: u64,
    /// Bytes of the file that were read so far.
    pub(super) bytes: u64,
    pub(super) flaw: Option<Flaw>,
}

enum Form {
    /// Handed out as it is, once it was found to be UTF-8 without zero bytes.
    Utf8 {
        /// The beginning of a letter that the last part cut in two.
        begun: Vec<u8>,
        mark_passed: bool,
    },
    Other(Box<Decoding>),
}

/// Text of another encoding on its way.
struct Decoding {
    decoder: Decoder,
    raw: Vec<u8>,
    /// The part of `raw` that is not decoded yet.
    pending: std::ops::Range<usize>,
    decoded: Vec<u8>,
    ready: std::ops::Range<usize>,
    ended: bool,
}

impl Text {
    pub(super) fn open(source: &Source, encoding: Encoding) -> Result<Self, ImportError> {
        let form = match encoding.decoder() {
            None => Form::Utf8 { begun: Vec::new(), mark_passed: false },
            Some(decoder) => Form::Other(Box::new(Decoding {
                decoder,
                raw: vec![0; CHUNK],
                pending: 0..0,
                decoded: vec![0; CHUNK],
                ready: 0..0,
                ended: false,
            })),
        };
        Ok(Self { file: source.open()?, form, after_return: false, since_row: 0, bytes: 0, flaw: None })
    }

    /// A row has been taken, so that its length no longer counts towards the limit.
    pub(super) fn row_done(&mut self) {
        self.since_row = 0;
    }

    fn stop(&mut self, flaw: Flaw) -> io::Error {
        self.flaw = Some(flaw);
        io::Error::from(io::ErrorKind::InvalidData)
    }

    /// Fills the front of `buffer` with text; nothing only at the end of the file.
    fn take(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let Self { file, form, bytes, flaw, .. } = self;
        let taken = match form {
            Form::Utf8 { begun, mark_passed } => {
                if !*mark_passed {
                    *mark_passed = true;
                    *bytes += pass_mark(file)?;
                }
                let read = fill_some(file, buffer)?;
                *bytes += read as u64;
                utf8_goes_on(begun, &buffer[..read]).then_some(read)
            }
            Form::Other(decoding) => decoding.take(file, bytes, flaw, buffer)?,
        };
        taken.ok_or_else(|| self.stop(Flaw::Broken))
    }
}

/// Passes over the byte order mark of UTF-8, if the file begins with it.
fn pass_mark(file: &mut File) -> io::Result<u64> {
    let mut start = [0; 3];
    if fill(file, &mut start)? == 3 && start == [0xEF, 0xBB, 0xBF] {
        return Ok(3);
    }
    file.seek(io::SeekFrom::Start(0))?;
    Ok(0)
}

/// Reads once.
fn fill_some(file: &mut File, buffer: &mut [u8]) -> io::Result<usize> {
    loop {
        match file.read(buffer) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}

/// Whether `part` goes on with UTF-8 after the letter that was `begun`, or, empty, ends it; and holds no zero byte.
fn utf8_goes_on(begun: &mut Vec<u8>, part: &[u8]) -> bool {
    let mut rest = part;
    while !begun.is_empty() {
        let Some((next, after)) = rest.split_first() else { return !part.is_empty() };
        begun.push(*next);
        rest = after;
        match std::str::from_utf8(begun) {
            Ok(_) => begun.clear(),
            Err(error) if error.error_len().is_some() => return false,
            Err(_) => {}
        }
    }
    match std::str::from_utf8(rest) {
        Ok(_) => {}
        Err(error) if error.error_len().is_none() => begun.extend(&rest[error.valid_up_to()..]),
        Err(_) => return false,
    }
    !part.contains(&0)
}

impl Decoding {
    /// Like [`Text::take`]; `None` where the bytes are no text.
    fn take(
        &mut self,
        file: &mut File,
        bytes: &mut u64,
        flaw: &mut Option<Flaw>,
        buffer: &mut [u8],
    ) -> io::Result<Option<usize>> {
        while self.ready.is_empty() && !self.ended {
            if *flaw == Some(Flaw::Broken) {
                return Ok(None);
            }
            let last = if self.pending.is_empty() {
                let read = fill(file, &mut self.raw)?;
                self.pending = 0..read;
                *bytes += read as u64;
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
                DecoderResult::Malformed(..) => *flaw = Some(Flaw::Broken),
                DecoderResult::InputEmpty => self.ended = last,
                DecoderResult::OutputFull => {}
            }
        }
        let ready = &self.decoded[self.ready.clone()];
        let taken = ready.len().min(buffer.len());
        buffer[..taken].copy_from_slice(&ready[..taken]);
        self.ready.start += taken;
        Ok(Some(taken))
    }
}

impl Read for Text {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut written = 0;
        while written == 0 && !buffer.is_empty() {
            let taken = self.take(buffer)?;
            if taken == 0 {
                break;
            }
            written = if self.after_return || buffer[..taken].contains(&b'\r') {
                plain_line_ends(&mut buffer[..taken], &mut self.after_return)
            } else {
                taken
            };
        }
        self.since_row += written as u64;
        if self.since_row > ROW_LIMIT {
            return Err(self.stop(Flaw::LongRow));
        }
        Ok(written)
    }
}

/// Makes every line end a `\n`; returns how much of the text is left.
fn plain_line_ends(text: &mut [u8], after_return: &mut bool) -> usize {
    let mut written = 0;
    for place in 0..text.len() {
        let byte = text[place];
        if byte != b'\n' || !*after_return {
            text[written] = if byte == b'\r' { b'\n' } else { byte };
            written += 1;
        }
        *after_return = byte == b'\r';
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn utf8_may_be_cut_anywhere() {
        let whole = "aé€𝄞z".as_bytes();
        for size in 1..whole.len() {
            let mut begun = Vec::new();
            assert!(whole.chunks(size).all(|part| utf8_goes_on(&mut begun, part)) && begun.is_empty(), "{size}");
        }
        let mut begun = Vec::new();
        assert!(utf8_goes_on(&mut begun, b"a\xE2\x82") && !utf8_goes_on(&mut begun, b""), "it ends inside a letter");
        assert!(!utf8_goes_on(&mut vec![0xE2], b"a") && !utf8_goes_on(&mut Vec::new(), b"\xFF"));
        assert!(!utf8_goes_on(&mut Vec::new(), b"a\0"));
    }
}
