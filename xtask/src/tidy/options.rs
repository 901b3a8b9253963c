//! The options of `sniffit analyze`, read from the source of its command line.

/// The long names, such as `--max-flows`, of all fields that an `#[arg(… long …)]` stands before.
pub(super) fn long_names(source: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut attribute: Option<String> = None;
    let mut is_open = false; // inside an attribute of several lines
    for line in source.lines().map(str::trim) {
        if is_open || line.starts_with("#[arg(") {
            let text = attribute.get_or_insert_default();
            text.push_str(line);
            text.push(' ');
            is_open = !line.ends_with(")]");
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
    let inside = attribute.trim_start_matches("#[arg(").trim_end().trim_end_matches(")]");
    inside.split(", ").map(str::trim).find_map(|word| match word.split_once(" = ") {
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
            #[arg(\n    long = \"client\",\n    help_heading = \"Method\"\n)]\npub(crate) clients: Vec<u8>,\n\
            #[command(flatten)]\npub(crate) cutting: X,\n#[arg(long)]\npub(crate) max_flows: u8,\n";
        assert_eq!(long_names(source), ["--jobs", "--client", "--max-flows"]);
    }
}
