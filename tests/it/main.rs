mod profile_damage;
mod profile_data;
mod profile_oracle;
mod profile_reader;
mod profile_roundtrip;
mod profile_tables;
