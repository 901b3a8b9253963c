//! How parts of a state are written where deriving is not enough.
//!
//! In: maps with random seeds, and numbers and lists that other code relies on. Out: the same, in an order that depends on
//! their content alone; or an error where a number or list can't be what this program wrote. Guaranteed: equal content
//! gives equal bytes; what is accepted can't make the code that uses it panic.

use serde::{Deserialize, Deserializer, de};
use smallvec::SmallVec;
use std::fmt::Display;

/// A number up to `MOST`.
pub(crate) fn at_most<'de, D, T, const MOST: u64>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Copy + Into<u64> + Display,
{
    let number = T::deserialize(deserializer)?;
    if number.into() > MOST {
        return Err(de::Error::custom(format_args!("{number} is more than {MOST}")));
    }
    Ok(number)
}

/// A list of counts whose keys ascend.
pub(crate) fn ascending<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SmallVec<[(u16, u32); 8]>, D::Error> {
    let list = SmallVec::<[(u16, u32); 8]>::deserialize(deserializer)?;
    if list.is_sorted_by(|(a, _), (b, _)| a < b) { Ok(list) } else { Err(de::Error::custom("the keys do not ascend")) }
}

/// Maps, in the order of their keys.
pub(crate) mod sorted {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(crate) fn serialize<'a, M, K, V, S>(map: &'a M, serializer: S) -> Result<S::Ok, S::Error>
    where
        &'a M: IntoIterator<Item = (&'a K, &'a V)>,
        K: Serialize + Ord + 'a,
        V: Serialize + 'a,
        S: Serializer,
    {
        let mut entries: Vec<(&K, &V)> = map.into_iter().collect();
        entries.sort_unstable_by_key(|(key, _)| *key);
        serializer.collect_seq(entries)
    }

    pub(crate) fn deserialize<'de, M, K, V, D>(deserializer: D) -> Result<M, D::Error>
    where
        M: IntoIterator<Item = (K, V)> + FromIterator<(K, V)>,
        K: Deserialize<'de>,
        V: Deserialize<'de>,
        D: Deserializer<'de>,
    {
        Ok(Vec::<(K, V)>::deserialize(deserializer)?.into_iter().collect())
    }
}
