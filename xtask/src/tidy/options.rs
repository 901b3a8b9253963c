//! The options of `sniffit analyze`, read from the source of its command line.

/// The long names, such as `--max-flows`, of all fields that an `#[arg(… long …)]` stands before.
pub(super) fn long_names(source: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut attribute: Option<String> = None;
    for line in source.lines().map(str::trim) {
        if line.starts_with("#[arg(") {
            attribute = Some(line.to_owned());
        } else if let Some(field) = line.strip_prefix("pub(crate) ")
            && let Some(attribute) = attribute.take()
            && let Some((name, _)) = field.split_once(':')
        {
            names.extend(long_name(&attribute, name));
        }
    }
    names
}

fn long_name(attribute: &str, field: &str) -> Option<String> {
    let words = attribute.trim_start_matches("#[arg(").trim_end_matches(")]").split(", ");
    words.into_iter().find_map(|word| match word.split_once(" = ") {
        Some(("long", name)) => Some(format!("--{}", name.trim_matches('"'))),
        None if word == "long" => Some(format!("--{}", field.replace('_', "-"))),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_names_are_found() {
        let source = "#[arg(required = true)]\npub(crate) paths: Vec<PathBuf>,\n\
            /// Doc\n#[arg(short, long, value_name = \"N\")]\npub(crate) jobs: Option<u16>,\n\
            #[arg(long = \"client\", help_heading = \"Method\")]\npub(crate) clients: Vec<u8>,\n\
            #[command(flatten)]\npub(crate) cutting: X,\n#[arg(long)]\npub(crate) max_flows: u8,\n";
        assert_eq!(long_names(source), ["--jobs", "--client", "--max-flows"]);
    }
}
