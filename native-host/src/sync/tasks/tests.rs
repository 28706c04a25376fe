mod admitting;
mod keys;
mod leaving;
mod recovering;
mod removing;
mod scripted;
mod storages;
mod turning_on;
