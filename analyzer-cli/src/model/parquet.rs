//! Objects from Parquet, as the analysis writes them.
//!
//! Only the columns that a model needs are read, each as a whole for a group of rows.

use analyzer_core::flow::Direction;
use analyzer_core::model::{Grouping, ObjectFacts};
use analyzer_core::record::SCHEMA_VERSION;
use analyzer_core::time::Timestamp;
use anyhow::{Context as _, bail};
use parquet::column::reader::get_typed_column_reader;
use parquet::data_type::{ByteArray, ByteArrayType, DataType, Int64Type};
use parquet::file::reader::{FileReader as _, RowGroupReader, SerializedFileReader};
use std::fs::File;
use std::path::Path;

/// Adds the objects of a file.
///
/// # Errors
/// When the file can't be read, or is none of objects.
pub(super) fn read(path: &Path, grouping: &mut Grouping) -> anyhow::Result<()> {
    let file = SerializedFileReader::new(File::open(path)?)?;
    let metadata = |key: &str| {
        let pairs = file.metadata().file_metadata().key_value_metadata()?;
        pairs.iter().find(|pair| pair.key == key)?.value.as_deref()
    };
    match metadata("sniffit.kind") {
        Some("objects") => {}
        Some(kind) => bail!("these are {kind}: a model is made of objects"),
        None => bail!("this is no file of an analysis"),
    }
    let schema = metadata("sniffit.schema").unwrap_or_default();
    if schema != SCHEMA_VERSION.to_string() {
        bail!("it has version {schema} of the output schema, and this program reads {SCHEMA_VERSION}: analyse again");
    }
    let analysis = metadata("sniffit.analysis.id").context("the id of the analysis is missing")?;
    for group in 0..file.num_row_groups() {
        add(&*file.get_row_group(group)?, analysis, grouping)?;
    }
    Ok(())
}

fn add(group: &dyn RowGroupReader, analysis: &str, grouping: &mut Grouping) -> anyhow::Result<()> {
    let captures = texts(group, "sniffit.capture.name")?;
    let methods = texts(group, "sniffit.method")?;
    let clients = texts(group, "client.ip")?;
    let servers = texts(group, "server.ip")?;
    let domains = texts(group, "server.domain")?;
    let registered = texts(group, "server.registered_domain")?;
    let applications = texts(group, "network.application")?;
    let directions = texts(group, "sniffit.direction")?;
    let streams = integers(group, "sniffit.stream.id")?;
    let starts = integers(group, "event.start")?;
    let durations = integers(group, "event.duration")?;
    let sizes = integers(group, "sniffit.payload_bytes")?;
    for row in 0..streams.len() {
        let record = ObjectFacts {
            analysis,
            capture: captures.needed(row)?,
            method: methods.needed(row)?,
            stream: &streams[row].to_string(),
            client: clients.needed(row)?,
            server: servers.needed(row)?,
            domain: domains.get(row)?,
            registered_domain: registered.get(row)?,
            application: applications.get(row)?,
            direction: if directions.needed(row)? == "up" { Direction::Up } else { Direction::Down },
            start: Timestamp::from_nanos(starts[row]),
            duration_ns: u64::try_from(durations[row]).unwrap_or_default(),
            payload_bytes: u64::try_from(sizes[row]).unwrap_or_default(),
        };
        grouping.add(&record);
    }
    Ok(())
}

/// A column of texts.
struct Texts {
    name: &'static str,
    /// Of the rows that have one.
    values: Vec<ByteArray>,
    /// For each row, the place of its value.
    places: Vec<Option<u32>>,
}

impl Texts {
    fn get(&self, row: usize) -> anyhow::Result<Option<&str>> {
        let place = self.places.get(row).with_context(|| format!("{} has too few rows", self.name))?;
        let value = place.and_then(|place| self.values.get(place as usize));
        value.map(ByteArray::as_utf8).transpose().with_context(|| format!("{} is no text", self.name))
    }

    fn needed(&self, row: usize) -> anyhow::Result<&str> {
        self.get(row)?.with_context(|| format!("{} is missing", self.name))
    }
}

fn texts(group: &dyn RowGroupReader, name: &'static str) -> anyhow::Result<Texts> {
    let (values, levels) = column::<ByteArrayType>(group, name)?;
    let mut next = 0;
    let mut place = |is_there: bool| {
        is_there.then(|| {
            next += 1;
            next - 1
        })
    };
    let places = match levels {
        Some(levels) => levels.iter().map(|level| place(*level > 0)).collect(),
        None => values.iter().map(|_| place(true)).collect(),
    };
    Ok(Texts { name, values, places })
}

fn integers(group: &dyn RowGroupReader, name: &'static str) -> anyhow::Result<Vec<i64>> {
    Ok(column::<Int64Type>(group, name)?.0)
}

/// The values of a column, and for each row whether it has one, where it need not.
type Values<T> = (Vec<<T as DataType>::T>, Option<Vec<i16>>);

/// Reads a column.
fn column<T: DataType>(group: &dyn RowGroupReader, name: &'static str) -> anyhow::Result<Values<T>> {
    let columns = group.metadata().columns();
    let at = columns
        .iter()
        .position(|column| column.column_path().string() == name)
        .with_context(|| format!("the column {name} is missing"))?;
    let is_optional = columns[at].column_descr().max_def_level() > 0;
    if columns[at].column_type() != T::get_physical_type() {
        bail!("the column {name} has another type than analyses write");
    }
    let rows = usize::try_from(group.metadata().num_rows()).unwrap_or_default();
    let mut reader = get_typed_column_reader::<T>(group.get_column_reader(at)?);
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    let mut read = 0;
    while read < rows {
        let (records, _, _) =
            reader.read_records(rows - read, is_optional.then_some(&mut levels), None, &mut values)?;
        if records == 0 {
            bail!("the column {name} has {read} of {rows} rows");
        }
        read += records;
    }
    Ok((values, is_optional.then_some(levels)))
}
