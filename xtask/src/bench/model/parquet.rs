//! Objects to Parquet with the columns that `sniffit analyze` writes, encoded as there.
//!
//! In: records. Out: a file that `sniffit model` reads. Guaranteed: memory is bounded by a row group. The program's own writer takes what it
//! analysed, which is nothing here.

use analyzer_core::record::{Context, Field, FieldType, Kind, ObjectRecord, Record, SCHEMA_VERSION, Value};
use anyhow::{Context as _, Result};
use parquet::basic::{Compression, Encoding, Repetition, Type as Physical, ZstdLevel};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, Int64Type};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::types::{ColumnPath, Type};
use std::fs::File;
use std::sync::Arc;

const ROW_GROUP_ROWS: usize = 64 << 10;

pub(super) struct ParquetObjects {
    writer: SerializedFileWriter<File>,
    /// By field; constants have none.
    columns: Vec<Option<Column>>,
    rows: usize,
}

/// Values that are there, and for each row whether it has one, where it need not.
enum Column {
    Integers(Vec<i64>, Option<Vec<i16>>),
    Booleans(Vec<bool>),
    Texts(Vec<ByteArray>, Option<Vec<i16>>),
}

impl ParquetObjects {
    /// An empty file of the objects of an analysis.
    pub(super) fn create(file: File, analysis: &str) -> Result<Self> {
        let fields = || ObjectRecord::FIELDS.iter();
        let types =
            fields().filter_map(|field| Some(of_field(field, physical(field.value)?))).collect::<Result<_>>()?;
        let schema = Type::group_type_builder(Kind::Objects.as_str()).with_fields(types).build()?;
        let metadata = [
            ("sniffit.schema", SCHEMA_VERSION.to_string()),
            ("sniffit.kind", Kind::Objects.as_str().to_owned()),
            ("sniffit.analysis.id", analysis.to_owned()),
        ];
        let metadata = metadata.map(|(key, value)| KeyValue::new(key.to_owned(), value)).into();
        let mut properties = WriterProperties::builder()
            .set_key_value_metadata(Some(metadata))
            .set_compression(Compression::ZSTD(ZstdLevel::try_new(1)?))
            .set_statistics_enabled(EnabledStatistics::None);
        for field in fields().filter(|field| physical(field.value) == Some(Physical::INT64)) {
            let path = ColumnPath::new(vec![field.path.to_owned()]);
            properties = properties
                .set_column_dictionary_enabled(path.clone(), false)
                .set_column_encoding(path, Encoding::DELTA_BINARY_PACKED);
        }
        let columns = fields().map(|field| column(field.value)).collect();
        let writer = SerializedFileWriter::new(file, Arc::new(schema), Arc::new(properties.build()))?;
        Ok(Self { writer, columns, rows: 0 })
    }

    /// Adds a record.
    pub(super) fn push(&mut self, record: &ObjectRecord, context: &Context) -> Result<()> {
        record.values(context, |at, value| {
            if let Some(column) = &mut self.columns[at] {
                column.push(value);
            }
        });
        self.rows += 1;
        if self.rows == ROW_GROUP_ROWS { self.write() } else { Ok(()) }
    }

    /// Writes what is left.
    pub(super) fn close(mut self) -> Result<()> {
        if self.rows > 0 {
            self.write()?;
        }
        self.writer.close().map(drop).context("the file can't be ended")
    }

    fn write(&mut self) -> Result<()> {
        let mut group = self.writer.next_row_group()?;
        for column in self.columns.iter_mut().flatten() {
            let mut out = group.next_column()?.context("the schema has all columns")?;
            match column {
                Column::Integers(values, levels) => {
                    out.typed::<Int64Type>().write_batch(values, levels.as_deref(), None)?;
                    values.clear();
                    levels.iter_mut().for_each(Vec::clear);
                }
                Column::Booleans(values) => {
                    out.typed::<BoolType>().write_batch(values, None, None)?;
                    values.clear();
                }
                Column::Texts(values, levels) => {
                    out.typed::<ByteArrayType>().write_batch(values, levels.as_deref(), None)?;
                    values.clear();
                    levels.iter_mut().for_each(Vec::clear);
                }
            }
            out.close()?;
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }
}

impl Column {
    fn push(&mut self, value: Value<'_>) {
        match (self, value) {
            (Self::Integers(values, _), Value::Time(time)) => values.push(time.as_nanos()),
            (Self::Integers(values, _), Value::SpanMillis(millis)) => values.push(millis),
            (Self::Integers(values, _), Value::Integer(number) | Value::Id(number)) => values.push(number as i64),
            (Self::Integers(values, Some(levels)), Value::OptionalInteger(number)) => {
                values.extend(number.map(|number| number as i64));
                levels.push(i16::from(number.is_some()));
            }
            (Self::Booleans(values), Value::Boolean(truth)) => values.push(truth),
            (Self::Texts(values, _), Value::Keyword(text) | Value::Text(text)) => values.push(text.into()),
            (Self::Texts(values, Some(levels)), Value::OptionalText(text)) => {
                values.extend(text.map(ByteArray::from));
                levels.push(i16::from(text.is_some()));
            }
            (Self::Texts(values, _), Value::Ip(ip)) => values.push(ip.to_string().as_str().into()),
            (_, value) => unreachable!("{value:?} has the type that its field declares"),
        }
    }
}

fn is_optional(value: FieldType) -> bool {
    matches!(value, FieldType::OptionalInteger | FieldType::OptionalText)
}

fn physical(value: FieldType) -> Option<Physical> {
    match value {
        FieldType::Constant(_) | FieldType::ConstantList(_) => None,
        FieldType::Time | FieldType::SpanMillis | FieldType::Integer | FieldType::OptionalInteger | FieldType::Id => {
            Some(Physical::INT64)
        }
        FieldType::Boolean => Some(Physical::BOOLEAN),
        FieldType::Ip | FieldType::Keyword | FieldType::Text | FieldType::OptionalText => Some(Physical::BYTE_ARRAY),
    }
}

fn column(value: FieldType) -> Option<Column> {
    let levels = is_optional(value).then(Vec::new);
    Some(match physical(value)? {
        Physical::INT64 => Column::Integers(Vec::new(), levels),
        Physical::BOOLEAN => Column::Booleans(Vec::new()),
        _ => Column::Texts(Vec::new(), levels),
    })
}

fn of_field(field: &Field, physical: Physical) -> Result<Arc<Type>> {
    let repetition = if is_optional(field.value) { Repetition::OPTIONAL } else { Repetition::REQUIRED };
    Ok(Arc::new(Type::primitive_type_builder(field.path, physical).with_repetition(repetition).build()?))
}
