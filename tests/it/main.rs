mod profile_data;
