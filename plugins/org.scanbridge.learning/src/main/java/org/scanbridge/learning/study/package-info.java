/** Whole comparisons of methods on one study: what is trained on what, tested on what, and what that says. */
package org.scanbridge.learning.study;
