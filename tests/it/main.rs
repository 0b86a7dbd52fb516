mod profile_damage;
mod profile_data;
mod profile_oracle;
