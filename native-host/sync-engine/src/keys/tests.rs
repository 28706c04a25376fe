mod codes;
