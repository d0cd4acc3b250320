-- Books of revision 0001: a little of everything, as that version stored it. These rows are written down, not made
-- by the program, for the program moves on and old rows don't. What a later step does to them is tested.
INSERT INTO facts VALUES ('currency', 'USD');
INSERT INTO panels VALUES ('ALPHA', 'panel.example', 'USD', '17.25', 1767225600000, true, 'funds', 'not enough funds', 1767225600000, NULL, 2, NULL, 0, 1767225600000, NULL);
INSERT INTO alerts VALUES ('gate:ALPHA', 1767225600000);
INSERT INTO categories VALUES (2, 'Likes');
INSERT INTO services VALUES (3, 'ALPHA', '7', 2, 0, 'Likes', 'Default', 'default', '0.90', 50, 10000, true, NULL, false, 'يبدأ فورًا', NULL, '1.95');
INSERT INTO services VALUES (4, 'ALPHA', '8', 2, 1, 'Views', NULL, 'Quantum', '1', 1, 1, NULL, NULL, NULL, '', 1767225600001, NULL);
INSERT INTO users VALUES (4503599627370495, 'O''Brien', 'obrien', 'en', NULL, false, 1767225600000, 1767225600000);
INSERT INTO conversations VALUES (4503599627370495, 'form', '{"draft": 5}', 4, 3, 77, 78);
INSERT INTO drafts VALUES (5, 4503599627370495, 3, '{"link": "@a"}', 118, 50, 10000, 1767225600000, 1767225600000, 1767225600000);
INSERT INTO wallets VALUES (4503599627370495, 8830);
INSERT INTO orders VALUES (9, 4503599627370495, 6, 'ALPHA', 3, '{"service": 3, "panel_service": "7", "name": "Likes & <more>", "type": "Default", "category": "Likes", "rate": "0.90", "exchange": "1", "minimum": 50, "maximum": 10000, "refill": true, "cancel": null, "dripfeed": false}', '{"link": "@a"}', 'a', 100, 1170, 1170, 0, 0, 'waiting', 'funds', NULL, 0, NULL, NULL, NULL, NULL, 1767225600000, 1767225600000, 0, 1767225600000, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO orders VALUES (8, 4503599627370495, 4, 'ALPHA', 3, '{"service": 3, "panel_service": "7", "name": "Likes & <more>", "type": "Default", "category": "Likes", "rate": "0.90", "exchange": "1", "minimum": 50, "maximum": 10000, "refill": true, "cancel": null, "dripfeed": false}', '{"link": "@b"}', 'b', 0, 0, 0, 0, 0, 'completed', NULL, NULL, 0, NULL, '4711', 10, 0, 1767225600000, NULL, 0, NULL, NULL, 1767225600000, 1767225600000, 1767225600000, NULL, 1767225600000);
INSERT INTO order_events VALUES (1, 8, 1767225600000, 'ordered', 'waiting', '{}');
INSERT INTO order_events VALUES (2, 8, 1767225600000, 'claimed', 'submitting', '{"attempt": 1}');
INSERT INTO order_events VALUES (3, 8, 1767225600000, 'placed', 'pending', '{}');
INSERT INTO order_events VALUES (4, 8, 1767225600000, 'completed', 'completed', '{}');
INSERT INTO order_events VALUES (5, 9, 1767225600000, 'ordered', 'waiting', '{}');
INSERT INTO attempts VALUES (1, 8, 1, 1767225600000, 1767225660000, 1767225601000, 'placed', '4711');
INSERT INTO transfers VALUES (1, 'credit:1', 'credit', 4503599627370495, NULL, 1, 'hi', 1767225600000);
INSERT INTO transfers VALUES (2, 'hold:9', 'hold', 4503599627370495, 9, NULL, '', 1767225600000);
INSERT INTO postings VALUES (1, 1, 'outside', 0, -10000), (2, 1, 'wallet', 4503599627370495, 10000);
INSERT INTO postings VALUES (3, 2, 'wallet', 4503599627370495, -1170), (4, 2, 'hold', 9, 1170);
INSERT INTO inbox VALUES (1000, 4503599627370495, '{}', 1767225600000, NULL, 1, false);
INSERT INTO outbox VALUES (1, 4503599627370495, 'order', '{"number": 8}', 8, 'order:8:completed', 1767225600000, 1767225600000, 0, 1767225600000, NULL, 79);
