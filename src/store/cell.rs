//! Single values of a column as bytes: little-endian, exact to the bit, texts after their length.

use crate::model::{Time, Value};

pub(super) trait Cell: Sized {
    fn put(&self, bytes: &mut Vec<u8>);

    /// Takes a value off the front; `None` when the bytes do not begin with one.
    fn take(bytes: &mut &[u8]) -> Option<Self>;
}

fn take_bytes<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*first)
}

macro_rules! numbers {
    ($($number:ty),*) => {$(
        impl Cell for $number {
            fn put(&self, bytes: &mut Vec<u8>) {
                bytes.extend_from_slice(&self.to_le_bytes());
            }

            fn take(bytes: &mut &[u8]) -> Option<Self> {
                take_bytes(bytes).map(Self::from_le_bytes)
            }
        }
    )*};
}

numbers!(u8, u16, u32, i64, f64);

impl Cell for Time {
    fn put(&self, bytes: &mut Vec<u8>) {
        self.0.put(bytes);
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        i64::take(bytes).map(Self)
    }
}

impl Cell for String {
    fn put(&self, bytes: &mut Vec<u8>) {
        // A longer text could not be stored anyway: SQLite's limit is 1 GB.
        u32::try_from(self.len()).unwrap_or(u32::MAX).put(bytes);
        bytes.extend_from_slice(self.as_bytes());
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        let length = usize::try_from(u32::take(bytes)?).ok()?;
        let (text, rest) = bytes.split_at_checked(length)?;
        *bytes = rest;
        std::str::from_utf8(text).ok().map(str::to_owned)
    }
}

impl<T: Cell> Cell for Option<T> {
    fn put(&self, bytes: &mut Vec<u8>) {
        u8::from(self.is_some()).put(bytes);
        if let Some(value) = self {
            value.put(bytes);
        }
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        match u8::take(bytes)? {
            0 => Some(None),
            1 => T::take(bytes).map(Some),
            _ => None,
        }
    }
}

impl Cell for Value {
    fn put(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::Unknown => 0_u8.put(bytes),
            Self::Number(number) => {
                1_u8.put(bytes);
                number.put(bytes);
            }
            Self::Text(text) => {
                2_u8.put(bytes);
                text.put(bytes);
            }
            Self::YesNo(yes) => {
                3_u8.put(bytes);
                u8::from(*yes).put(bytes);
            }
            Self::Time(time) => {
                4_u8.put(bytes);
                time.put(bytes);
            }
        }
    }

    fn take(bytes: &mut &[u8]) -> Option<Self> {
        match u8::take(bytes)? {
            0 => Some(Self::Unknown),
            1 => f64::take(bytes).map(Self::Number),
            2 => String::take(bytes).map(Self::Text),
            3 => match u8::take(bytes)? {
                0 => Some(Self::YesNo(false)),
                1 => Some(Self::YesNo(true)),
                _ => None,
            },
            4 => Time::take(bytes).map(Self::Time),
            _ => None,
        }
    }
}
