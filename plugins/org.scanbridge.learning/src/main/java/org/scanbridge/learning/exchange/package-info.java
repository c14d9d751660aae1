/** Reads the networks of other software: what their files say, and what the user says of them. */
package org.scanbridge.learning.exchange;
