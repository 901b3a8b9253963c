//! Spooled records to Parquet: flat columns, one per field.
//!
//! In: records of one kind. Out: a Parquet file whose columns are the fields of [`Record::FIELDS`] under their full
//! paths, without the constants, which the file's metadata tells better. Times are nanoseconds in UTC, texts and
//! addresses are dictionary-encoded strings, everything is compressed with zstd. Guaranteed: the same records give the
//! same bytes; memory is bounded by one row group.
//!
//! Columns are written through the crate's own column writers: they need the values of one row group at once, which
//! are small here, and none of Arrow's arrays and casts.

use crate::spool::{SpoolFile, SpooledRecord};
use analyzer_core::record::{Context, FieldType, Record, SCHEMA_VERSION, Value};
use foldhash::fast::RandomState;
use hashbrown::HashTable;
use parquet::basic::{Compression, Encoding, LogicalType, Repetition, TimeUnit, Type as PhysicalType, ZstdLevel};
use parquet::column::writer::ColumnWriter;
use parquet::data_type::ByteArray;
use parquet::errors::Result;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{ColumnPath, Type};
use std::hash::BuildHasher as _;
use std::io::Write;
use std::net::IpAddr;
use std::sync::Arc;

/// Rows whose values are held at a time.
const ROW_GROUP_ROWS: usize = 64 << 10;
/// Texts handed to a column writer at a time.
const BATCH_ROWS: usize = 4 << 10;

/// Writes all records of a kind as one Parquet file.
pub(super) fn write<R: SpooledRecord>(
    records: &mut SpoolFile<R>,
    context: &Context,
    out: &mut (impl Write + Send),
) -> anyhow::Result<()> {
    let mut writer = SerializedFileWriter::new(out, Arc::new(schema::<R>()?), Arc::new(properties::<R>(context)?))?;
    let mut group = RowGroup::new::<R>();
    records.for_each(|record| {
        group.push(record, context);
        if group.rows == ROW_GROUP_ROWS {
            group.write(&mut writer)?;
        }
        Ok(())
    })?;
    if group.rows > 0 {
        group.write(&mut writer)?;
    }
    writer.close()?;
    Ok(())
}

fn is_constant(value: FieldType) -> bool {
    matches!(value, FieldType::Constant(_) | FieldType::ConstantList(_))
}

fn schema<R: Record>() -> Result<Type> {
    let mut columns = Vec::new();
    for field in R::FIELDS.iter().filter(|field| !is_constant(field.value)) {
        let (physical, logical) = match field.value {
            FieldType::Time => {
                let utc = LogicalType::timestamp(true, TimeUnit::NANOS);
                (PhysicalType::INT64, Some(utc))
            }
            FieldType::SpanMillis | FieldType::Integer | FieldType::OptionalInteger | FieldType::Id => {
                (PhysicalType::INT64, None)
            }
            FieldType::Boolean => (PhysicalType::BOOLEAN, None),
            _ => (PhysicalType::BYTE_ARRAY, Some(LogicalType::String)),
        };
        let nullable = matches!(field.value, FieldType::OptionalInteger | FieldType::OptionalText);
        let repetition = if nullable { Repetition::OPTIONAL } else { Repetition::REQUIRED };
        let column = Type::primitive_type_builder(field.path, physical)
            .with_logical_type(logical)
            .with_repetition(repetition)
            .build()?;
        columns.push(Arc::new(column));
    }
    Type::group_type_builder(R::KIND.as_str()).with_fields(columns).build()
}

fn properties<R: Record>(context: &Context) -> Result<WriterProperties> {
    let metadata = [
        ("sniffit.schema", SCHEMA_VERSION.to_string()),
        ("sniffit.kind", R::KIND.as_str().to_owned()),
        ("sniffit.capture.id", context.capture_id.clone()),
        ("sniffit.analysis.id", context.analysis_id.clone()),
    ];
    let metadata = metadata.into_iter().map(|(key, value)| KeyValue::new(key.to_owned(), value)).collect();
    let mut properties = WriterProperties::builder()
        // The form `name version number` is what readers parse; they distrust the statistics of unknown writers.
        .set_created_by(concat!("sniffit version ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_key_value_metadata(Some(metadata))
        .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
        .set_statistics_enabled(EnabledStatistics::Chunk);
    for field in R::FIELDS {
        let path = ColumnPath::new(vec![field.path.to_owned()]);
        properties = match field.value {
            // Times and ids grow, other numbers are small: differences take a few bits, where a dictionary of
            // numbers that are nearly all different only costs time.
            FieldType::Time
            | FieldType::SpanMillis
            | FieldType::Integer
            | FieldType::OptionalInteger
            | FieldType::Id => properties
                .set_column_dictionary_enabled(path.clone(), false)
                .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED),
            // The least and greatest address of many rows exclude nothing, and finding them compares every text.
            FieldType::Ip | FieldType::Keyword | FieldType::Text | FieldType::OptionalText => {
                properties.set_column_statistics_enabled(path, EnabledStatistics::None)
            }
            _ => properties,
        };
    }
    Ok(properties.build())
}

/// The values of the rows that are not written yet.
struct RowGroup {
    /// By field; `None` for constants.
    columns: Vec<Option<Column>>,
    rows: usize,
}

enum Column {
    Integers(Vec<i64>),
    /// The values that are there, and for each row whether one is (1) or not (0).
    OptionalIntegers(Vec<i64>, Vec<i16>),
    Booleans(Vec<bool>),
    Texts(Texts),
    /// As with integers.
    OptionalTexts(Texts, Vec<i16>),
}

impl RowGroup {
    fn new<R: Record>() -> Self {
        let column = |value| match value {
            FieldType::Constant(_) | FieldType::ConstantList(_) => None,
            FieldType::Time | FieldType::SpanMillis | FieldType::Integer | FieldType::Id => {
                Some(Column::Integers(Vec::new()))
            }
            FieldType::OptionalInteger => Some(Column::OptionalIntegers(Vec::new(), Vec::new())),
            FieldType::Boolean => Some(Column::Booleans(Vec::new())),
            FieldType::Ip => Some(Column::Texts(Texts::new(address))),
            FieldType::Keyword | FieldType::Text => Some(Column::Texts(Texts::new(<[u8]>::to_vec))),
            FieldType::OptionalText => Some(Column::OptionalTexts(Texts::new(<[u8]>::to_vec), Vec::new())),
        };
        Self { columns: R::FIELDS.iter().map(|field| column(field.value)).collect(), rows: 0 }
    }

    #[inline]
    fn push<R: Record>(&mut self, record: &R, context: &Context) {
        record.values(context, |at, value| match (&mut self.columns[at], value) {
            (Some(Column::Integers(values)), Value::Time(time)) => values.push(time.as_nanos()),
            (Some(Column::Integers(values)), Value::SpanMillis(millis)) => values.push(millis),
            (Some(Column::Integers(values)), Value::Integer(number) | Value::Id(number)) => values.push(signed(number)),
            (Some(Column::OptionalIntegers(values, present)), Value::OptionalInteger(number)) => {
                values.extend(number.map(signed));
                present.push(i16::from(number.is_some()));
            }
            (Some(Column::Booleans(values)), Value::Boolean(truth)) => values.push(truth),
            (Some(Column::Texts(texts)), Value::Keyword(text) | Value::Text(text)) => texts.push(text.as_bytes()),
            (Some(Column::OptionalTexts(texts, present)), Value::OptionalText(text)) => {
                text.into_iter().for_each(|text| texts.push(text.as_bytes()));
                present.push(i16::from(text.is_some()));
            }
            (Some(Column::Texts(texts)), Value::Ip(IpAddr::V4(ip))) => texts.push(&ip.octets()),
            (Some(Column::Texts(texts)), Value::Ip(IpAddr::V6(ip))) => texts.push(&ip.octets()),
            (column, _) => debug_assert!(column.is_none(), "a value has the type that its field declares"),
        });
        self.rows += 1;
    }

    fn write(&mut self, writer: &mut SerializedFileWriter<impl Write + Send>) -> Result<()> {
        let mut group = writer.next_row_group()?;
        for column in self.columns.iter_mut().flatten() {
            if let Some(mut out) = group.next_column()? {
                column.write(&mut out)?;
                out.close()?;
            }
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }
}

/// Numbers of records are below 2⁶³.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

impl Column {
    /// Writes all values and forgets them.
    fn write(&mut self, out: &mut SerializedColumnWriter<'_>) -> Result<()> {
        match (self, out.untyped()) {
            (Self::Integers(values), ColumnWriter::Int64ColumnWriter(out)) => {
                out.write_batch(values, None, None)?;
                values.clear();
            }
            (Self::OptionalIntegers(values, present), ColumnWriter::Int64ColumnWriter(out)) => {
                out.write_batch(values, Some(present), None)?;
                values.clear();
                present.clear();
            }
            (Self::Booleans(values), ColumnWriter::BoolColumnWriter(out)) => {
                out.write_batch(values, None, None)?;
                values.clear();
            }
            (Self::Texts(texts), ColumnWriter::ByteArrayColumnWriter(out)) => {
                texts.for_each_batch(BATCH_ROWS, |batch| out.write_batch(batch, None, None).map(drop))?;
                texts.clear();
            }
            (Self::OptionalTexts(texts, present), ColumnWriter::ByteArrayColumnWriter(out)) => {
                // Rows without a text stand between the others, so all are written at once.
                texts.for_each_batch(usize::MAX, |batch| out.write_batch(batch, Some(present), None).map(drop))?;
                texts.clear();
                present.clear();
            }
            _ => debug_assert!(false, "the schema and the columns come from the same fields"),
        }
        Ok(())
    }
}

/// A column of texts, most of which repeat: four bytes a row and each text once.
struct Texts {
    /// For each row, which of the distinct texts it is.
    indices: Vec<u32>,
    /// What the distinct texts are made of, one after the other, and where each ends.
    keys: Vec<u8>,
    ends: Vec<u32>,
    /// From a key to its number.
    numbers: HashTable<u32>,
    hasher: RandomState,
    /// From a key to its text.
    text_of: fn(&[u8]) -> Vec<u8>,
}

/// The text of an address from its octets.
fn address(octets: &[u8]) -> Vec<u8> {
    let ip = if let Ok(octets) = <[u8; 4]>::try_from(octets) {
        IpAddr::from(octets)
    } else {
        IpAddr::from(<[u8; 16]>::try_from(octets).unwrap_or_default())
    };
    ip.to_string().into_bytes()
}

fn key<'a>(keys: &'a [u8], ends: &[u32], number: u32) -> &'a [u8] {
    let number = number as usize;
    let start = number.checked_sub(1).map_or(0, |before| ends[before] as usize);
    &keys[start..ends[number] as usize]
}

impl Texts {
    fn new(text_of: fn(&[u8]) -> Vec<u8>) -> Self {
        Self {
            indices: Vec::new(),
            keys: Vec::new(),
            ends: Vec::new(),
            numbers: HashTable::new(),
            hasher: RandomState::default(),
            text_of,
        }
    }

    #[inline]
    fn push(&mut self, text: &[u8]) {
        let Self { keys, ends, .. } = self;
        // Many columns hardly change from row to row.
        if let Some(&latest) = self.indices.last()
            && key(keys, ends, latest) == text
        {
            self.indices.push(latest);
            return;
        }
        let hash = self.hasher.hash_one(text);
        let number = match self.numbers.find(hash, |number| key(keys, ends, *number) == text) {
            Some(number) => *number,
            None => {
                // A row group has fewer rows, and its texts are shorter, than a u32 can count.
                let number = ends.len() as u32;
                keys.extend_from_slice(text);
                ends.push(keys.len() as u32);
                self.numbers.insert_unique(hash, number, |number| self.hasher.hash_one(key(keys, ends, *number)));
                number
            }
        };
        self.indices.push(number);
    }

    /// Calls `each` with the texts of all rows, so many at once; with none where there are none.
    fn for_each_batch(&self, rows: usize, mut each: impl FnMut(&[ByteArray]) -> Result<()>) -> Result<()> {
        let distinct = self.distinct();
        let mut batch = Vec::with_capacity(rows.min(self.indices.len()));
        let mut chunks = self.indices.chunks(rows);
        // A column without values still has to say so.
        let first = chunks.next().unwrap_or_default();
        for indices in std::iter::once(first).chain(chunks) {
            batch.clear();
            batch.extend(indices.iter().map(|index| distinct[*index as usize].clone()));
            each(&batch)?;
        }
        Ok(())
    }

    /// All distinct texts. They share one allocation, which makes their copies cheap.
    fn distinct(&self) -> Vec<ByteArray> {
        let mut texts = Vec::new();
        let mut lengths = Vec::with_capacity(self.ends.len());
        for number in 0..self.ends.len() as u32 {
            let text = (self.text_of)(key(&self.keys, &self.ends, number));
            lengths.push(text.len());
            texts.extend(text);
        }
        let (texts, mut start) = (ByteArray::from(texts), 0);
        lengths
            .into_iter()
            .map(|length| {
                start += length;
                texts.slice(start - length, length)
            })
            .collect()
    }

    fn clear(&mut self) {
        self.indices.clear();
        self.keys.clear();
        self.ends.clear();
        self.numbers.clear();
    }
}
