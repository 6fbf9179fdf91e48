//! Different texts, numbered in the order of their first appearance.

use std::hash::BuildHasher as _;

use hashbrown::{DefaultHashBuilder, HashTable};

/// The texts one after the other, and a table that finds the number of each. There are never more than rows, and rows
/// are counted in 32 bits.
pub(super) struct Words {
    text: String,
    /// Where each word ends; the first entry is the beginning of the first.
    ends: Vec<usize>,
    codes: HashTable<u32>,
    hasher: DefaultHashBuilder,
    /// Short words seen lately, each at the place of its key.
    recent: [(Key, u32); RECENT],
}

const RECENT: usize = 256;

/// A short word in numbers: its beginning, its end and its length say all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Key {
    begin: u64,
    end: u64,
    length: usize,
}

impl Key {
    /// Of no word.
    const NONE: Self = Self { begin: 0, end: 0, length: usize::MAX };

    /// `None` for a word of more than 16 bytes.
    fn of(word: &[u8]) -> Option<Self> {
        let length = word.len();
        let eight = |bytes: Option<&[u8; 8]>| bytes.map_or(0, |bytes| u64::from_le_bytes(*bytes));
        let four = |bytes: Option<&[u8; 4]>| bytes.map_or(0, |bytes| u32::from_le_bytes(*bytes).into());
        let (begin, end) = match length {
            0..4 => (word.iter().fold(0, |all, byte| (all << 8) | u64::from(*byte)), 0),
            4..8 => (four(word.first_chunk()), four(word.last_chunk())),
            8..=16 => (eight(word.first_chunk()), eight(word.last_chunk())),
            _ => return None,
        };
        Some(Self { begin, end, length })
    }

    /// Different for most of the few words of a column.
    fn place(self) -> usize {
        let mixed = (self.begin ^ self.end.rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed >> 56) as usize % RECENT
    }
}

impl Default for Words {
    fn default() -> Self {
        Self {
            text: String::new(),
            ends: vec![0],
            codes: HashTable::new(),
            hasher: DefaultHashBuilder::default(),
            recent: [(Key::NONE, 0); RECENT],
        }
    }
}

impl Words {
    /// The number of `word`, which is UTF-8.
    #[inline]
    pub(super) fn code(&mut self, word: &[u8]) -> u32 {
        // The same contact mostly comes again, and there are few kinds of events.
        let Some(key) = Key::of(word) else { return self.look_up(word) };
        let (known, code) = self.recent[key.place()];
        if known == key {
            return code;
        }
        let code = self.look_up(word);
        self.recent[key.place()] = (key, code);
        code
    }

    fn look_up(&mut self, word: &[u8]) -> u32 {
        let Self { text, ends, codes, hasher, .. } = self;
        let hash = hasher.hash_one(word);
        if let Some(code) = codes.find(hash, |code| bytes_of(text, ends, *code) == word) {
            return *code;
        }
        let code = u32::try_from(ends.len() - 1).unwrap_or(u32::MAX);
        text.push_str(std::str::from_utf8(word).unwrap_or_default());
        ends.push(text.len());
        codes.insert_unique(hash, code, |code| hasher.hash_one(bytes_of(text, ends, *code)));
        code
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len() - 1
    }

    /// What they take up, in memory and later as texts of their own.
    pub(super) fn size(&self) -> u64 {
        (self.text.len() * 2 + self.len() * size_of::<(String, usize, u64)>()) as u64
    }

    pub(super) fn into_words(self) -> Vec<String> {
        drop(self.codes);
        self.ends.windows(2).map(|ends| self.text[ends[0]..ends[1]].to_owned()).collect()
    }
}

fn bytes_of<'a>(text: &'a str, ends: &[usize], code: u32) -> &'a [u8] {
    &text.as_bytes()[ends[code as usize]..ends[code as usize + 1]]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_begin_and_end_alike_are_told_apart() {
        let mut words = Words::default();
        let alike =
            ["a", "aa", "aaa", "aaaa", "aaaaa", "aaaaaaaa", "aaaaaaaaa", "aaaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaaaa"];
        let others = ["", "\0", "\0\0", "abaaaaaa", "aaaaaaaabaaaaaaaa", "ab", "ba"];
        for _ in 0..2 {
            for (number, word) in (0..).zip(alike.iter().chain(&others)) {
                assert_eq!(words.code(word.as_bytes()), number, "{word:?}");
            }
        }
    }

    #[test]
    fn words_are_numbered_as_they_first_come() {
        let mut words = Words::default();
        let names: Vec<String> = (0..5000).map(|number| format!("{}", number * 7919 % 5000)).collect();
        for round in 0..2 {
            for (number, name) in (0..).zip(&names) {
                assert_eq!(words.code(name.as_bytes()), number, "round {round}: {name}");
            }
        }
        let known = names.iter().position(|name| name == "123").unwrap();
        assert_eq!([words.code(b""), words.code(b"00123")], [5000, 5001]);
        assert_eq!((words.code(b"123") as usize, words.len()), (known, 5002));
        assert_eq!(words.into_words()[..5000], names);
    }
}
