"""What a job came to. In: the rows of its tasks. Out: a summary for people, and the job's exit code."""

from statistics import median

COMPLETE, FAILED, PARTIAL, NOT_SENT = 0, 1, 3, 4


def total(rows, key):
    return sum(row.get(key) or 0 for row in rows)


def count(number, word):
    return f"{number:,} {word}{'' if number == 1 else 's'}".replace(",", " ")


def summary(rows, posted):
    good = [row for row in rows if row["state"] != "failed"]
    states = [(sum(row["state"] == state for row in rows), word)
              for state, word in [("done", "done"), ("present", "there before"), ("failed", "failed")]]
    gb, capture_gb = total(good, "bytes") / 1e9, total(good, "capture_bytes") / 1e9
    told = ", ".join(f"{number} {word}" for number, word in states if number)
    lines = [f"{count(len(rows), 'recording')}: {told}; {gb:.3f} GB of files, "
             f"{count(total(good, 'frames'), 'frame')}, {count(total(good, 'objects'), 'object')}"]
    if capture_gb:
        lines.append(f"{total(good, 'objects') / capture_gb:,.0f} objects per GB of capture".replace(",", " "))
    done = [row for row in rows if row["state"] == "done" and row["seconds"] > 0]
    if done:
        slowest, largest = (max(done, key=lambda row: row[key] or 0) for key in ("seconds", "peak_rss_bytes"))
        lines.append(f"a task: {median(row['seconds'] for row in done):.2f} s and "
                     f"{median(row['bytes'] / 1e9 / row['seconds'] for row in done):.3f} GB/s (medians); longest "
                     f"{slowest['seconds']:.2f} s ({slowest['recording']}); largest "
                     f"{(largest['peak_rss_bytes'] or 0) / 1e6:.0f} MB of memory ({largest['recording']})")
    for row in good:
        if row["status"] == "partial":
            faults = [f"{fault['file']} at byte {fault['byte']}: {fault['reason']}" for fault in row["faults"]]
            lines.append(f"partial: {row['recording']}: {'; '.join(faults) or 'it was interrupted'}")
    lines += [f"failed: {row['recording']}: {row['error']}" for row in rows if row["state"] == "failed"]
    sent = [row["posted"] for row in posted if row.get("posted")]
    if posted:
        created, present, refused = (total(sent, key) for key in ("created", "present", "refused"))
        lines.append(f"Elasticsearch: {count(created, 'document')} created, {present} there before, {refused} refused")
    lines += [f"not sent: {row['recording']}: {row['error']}" for row in posted if row["state"] == "failed"]
    return "\n".join(lines)


def exit_code(rows, posted):
    if any(row["state"] == "failed" for row in rows):
        return FAILED
    if any(row["state"] == "failed" for row in posted):
        return NOT_SENT
    return PARTIAL if any(row["status"] == "partial" for row in rows) else COMPLETE
