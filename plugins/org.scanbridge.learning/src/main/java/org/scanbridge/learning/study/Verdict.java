package org.scanbridge.learning.study;

/**
 * A statement that was fixed before a study was run.
 *
 * @param name short name
 * @param statement what was expected
 * @param measured the numbers
 * @param met whether they say so
 */
public record Verdict(String name, String statement, String measured, boolean met) {
}
