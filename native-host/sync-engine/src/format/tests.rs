mod head;
mod pack;
