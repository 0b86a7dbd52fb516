mod profile_data;
mod simulate;
